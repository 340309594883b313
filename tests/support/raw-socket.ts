import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'

/** A WebSocket without a client behind it: what is sent is bytes, and nothing is answered, no close either. */
export class RawSocket implements Disposable {
  readonly line: Socket
  /** What came, as it is read. */
  heard = ''
  /** Resolves when the line is closed. */
  readonly closed: Promise<unknown>

  private constructor(port: number) {
    this.line = connect({ port, host: '127.0.0.1', noDelay: true })
    this.line.on('error', () => {})
    this.line.on('data', chunk => {
      this.heard += chunk.toString('latin1')
    })
    this.closed = new Promise(resolve => this.line.once('close', resolve))
  }

  /** Asks for the upgrade, and waits for its answer. */
  static async to(server: { readonly url: string }, cookie?: string): Promise<RawSocket> {
    const { port, host } = new URL(server.url)
    const socket = new RawSocket(Number(port))
    const head = [
      'GET /ws HTTP/1.1',
      `Host: ${host}`,
      `Origin: ${server.url}`,
      ...(cookie === undefined ? [] : [`Cookie: ${cookie}`]),
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: confab.v1',
    ]
    socket.line.write(`${head.join('\r\n')}\r\n\r\n`)
    await socket.hears('\r\n\r\n')
    return socket
  }

  /** Waits until this came so often, or the line is closed. Answers whether it did. */
  async hears(text: string, times = 1): Promise<boolean> {
    const came = () => this.heard.split(text).length > times
    while (!came() && !this.line.closed)
      await Promise.race([once(this.line, 'data').catch(() => {}), this.closed])
    return came()
  }

  /** One masked frame: 0 goes on with a message, 1 is text, 9 a ping. `last`: it is the end of its message. */
  send(opcode: number, payload: string, last = true): void {
    this.line.write(maskedFrame(opcode, payload, last))
  }

  [Symbol.dispose](): void {
    this.line.destroy()
  }
}

/** A frame as a client sends it (RFC 6455, section 5.2), under the mask of zeros, at most 125 bytes long. */
export function maskedFrame(opcode: number, payload: string, last = true): Buffer {
  const bytes = Buffer.from(payload)
  return Buffer.concat([Buffer.from([(last ? 0x80 : 0) | opcode, 0x80 | bytes.length, 0, 0, 0, 0]), bytes])
}
