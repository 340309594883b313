import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly bytes: Buffer
}

/** One request with exactly these headers, Host and Origin too, which `fetch` decides by itself. */
export async function ask(
  port: number,
  options: {
    path?: string
    method?: string
    headers?: Record<string, string>
    body?: string | Uint8Array
  } = {},
): Promise<RawAnswer> {
  const { path = '/', method = 'GET', headers = {}, body } = options
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const sent = request({
    port,
    host: '127.0.0.1',
    path,
    method,
    headers: { ...length, ...headers },
    agent: false,
  })
  sent.end(body)
  const [response] = await once(sent, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  return { status: response.statusCode, headers: response.headers, body: bytes.toString(), bytes }
}

/** Writes these bytes to the port, and answers everything that comes back until the server ends the line. */
export async function speak(port: number, text: string | Uint8Array): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(text)
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}
