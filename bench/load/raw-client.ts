import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { connect } from 'node:net'

/**
 * A WebSocket client (RFC 6455) that does next to nothing, so that a load generator measures the server: it hands on each text frame's
 * bytes undecoded, and masks with zeros.
 */
export class RawClient {
  readonly #tcp: Socket
  readonly #hear: (payload: Buffer) => void
  #rest: Buffer = Buffer.alloc(0)
  #upgraded = false
  readonly #opened = Promise.withResolvers<void>()
  readonly closed = Promise.withResolvers<string>()

  private constructor(tcp: Socket, hear: (payload: Buffer) => void) {
    this.#tcp = tcp
    this.#hear = hear
    tcp.setNoDelay(true)
    tcp.on('data', bytes => this.#take(bytes))
    tcp.on('error', error => this.closed.resolve(error.message))
    tcp.on('close', () => {
      this.closed.resolve('closed')
      this.#opened.reject(new Error('the server closed the line before the upgrade'))
    })
  }

  /** Resolves when the server switched protocols. */
  static async open(
    port: number,
    path: string,
    headers: Record<string, string>,
    hear: (payload: Buffer) => void,
  ): Promise<RawClient> {
    const tcp = connect(port, '127.0.0.1')
    const client = new RawClient(tcp, hear)
    const lines = {
      Host: `localhost:${port}`,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      ...headers,
    }
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`)
    tcp.write(`GET ${path} HTTP/1.1\r\n${head.join('')}\r\n`)
    await client.#opened.promise
    return client
  }

  send(text: string, opcode = 1): void {
    const length = Buffer.byteLength(text)
    const header = length < 126 ? 2 : 4
    const frame = Buffer.alloc(header + 4 + length)
    frame[0] = 0x80 | opcode
    frame[1] = 0x80 | (header === 2 ? length : 126)
    if (header === 4) frame.writeUInt16BE(length, 2)
    frame.write(text, header + 4)
    this.#tcp.write(frame)
  }

  close(): void {
    this.#tcp.destroy()
  }

  #take(bytes: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes
    if (!this.#upgraded) {
      const end = data.indexOf('\r\n\r\n')
      if (end < 0) {
        this.#rest = data
        return
      }
      const status = data.toString('latin1', 0, data.indexOf('\r\n'))
      if (!status.includes(' 101')) {
        this.#opened.reject(new Error(status))
        return
      }
      this.#upgraded = true
      this.#opened.resolve()
      data = data.subarray(end + 4)
    }
    this.#rest = data.subarray(this.#frames(data))
  }

  /** Hands on every whole frame; answers how many bytes they had. */
  #frames(data: Buffer): number {
    let at = 0
    for (;;) {
      if (data.length - at < 2) return at
      const opcode = (data[at] as number) & 0x0f
      let length = (data[at + 1] as number) & 0x7f
      let start = at + 2
      if (length === 126) {
        if (data.length - at < 4) return at
        length = data.readUInt16BE(at + 2)
        start = at + 4
      } else if (length === 127) {
        if (data.length - at < 10) return at
        length = Number(data.readBigUInt64BE(at + 2))
        start = at + 10
      }
      if (data.length < start + length) return at
      if (opcode === 1) this.#hear(data.subarray(start, start + length))
      else if (opcode === 9) this.send('', 10)
      else if (opcode === 8) this.closed.resolve(`closed ${length >= 2 ? data.readUInt16BE(start) : ''}`)
      at = start + length
    }
  }
}
