import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** A line to a server on this machine that a test may cut: both ways at once, for a while, or such that what is sent arrives and no answer comes back. */
export class CutLine implements AsyncDisposable {
  readonly port: number
  readonly #server: ReturnType<typeof createServer>
  readonly #pairs = new Set<{ near: Socket; far: Socket }>()
  #answers = true
  #isShut = false

  private constructor(server: ReturnType<typeof createServer>, to: number) {
    this.#server = server
    this.port = (server.address() as { port: number }).port
    server.on('connection', near => {
      if (this.#isShut) near.destroy()
      else this.#join(near, connect(to, '127.0.0.1'))
    })
  }

  static async to(port: number): Promise<CutLine> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new CutLine(server, port)
  }

  /** From now on, what the server says on lines that there are goes nowhere. */
  swallowAnswers(): void {
    this.#answers = false
  }

  /** Ends every line; new ones are whole. */
  cut(): void {
    this.#answers = true
    for (const { near, far } of this.#pairs) {
      near.destroy()
      far.destroy()
    }
  }

  /** Ends every line, and all that are begun until it is opened. */
  shut(): void {
    this.#isShut = true
    this.cut()
  }

  open(): void {
    this.#isShut = false
  }

  /** The same address by way of this line. */
  through(address: string): string {
    const url = new URL(address)
    url.port = String(this.port)
    return url.href
  }

  #join(near: Socket, far: Socket): void {
    const pair = { near, far }
    this.#pairs.add(pair)
    near.on('data', bytes => far.write(bytes))
    far.on('data', bytes => this.#answers && near.write(bytes))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one
        .on('error', () => {})
        .on('close', () => {
          other.destroy()
          this.#pairs.delete(pair)
        })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
