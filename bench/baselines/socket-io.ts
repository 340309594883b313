// socket.io as its documentation shows a chat room; nothing is stored.
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const http = createServer()
const io = new Server(http, { transports: ['websocket'] })
io.on('connection', socket => {
  void socket.join('room')
  socket.on('m', (text: string) => void io.to('room').emit('m', text))
})
http.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'))
