import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { placeOf } from './here.ts'

const main = join(import.meta.dirname, '..', '..', 'server', 'main.ts')

/** Confab in a process of its own, which a test may kill and start again on the same folder and port. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string
  readonly #args: readonly string[]
  #child: ChildProcess | null = null

  private constructor(url: string, args: readonly string[]) {
    this.url = url
    this.#args = args
  }

  static async on(directory: string, flags: readonly string[] = []): Promise<ServerProcess> {
    const port = await freePort()
    const place = await placeOf(directory)
    const args = [
      'start',
      '--port',
      String(port),
      '--data',
      directory,
      '--limits',
      'off',
      '--log',
      'warn',
      ...Object.entries(place.flags).flatMap(([name, value]) => [`--${name}`, value]),
      ...flags,
    ]
    const server = new ServerProcess(`http://localhost:${port}`, args)
    await server.start()
    return server
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [main, ...this.#args], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => chunk.includes(this.url) && resolve())
      child.once('exit', code => reject(new Error(`the server ended with ${code} before it served`)))
    })
  }

  /** Ends it with this signal, and waits until it is gone. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL')
  }
}
