import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Person } from './app.ts'
import { setUp, setupCode, signUp } from './app.ts'
import { freePort } from './free-port.ts'
import { placeOf } from './here.ts'

const main = join(import.meta.dirname, '..', '..', 'server', 'main.ts')

/** Confab in a process of its own, which a test may kill and start again on the same folder and port. */
export class ServerProcess implements AsyncDisposable {
  /** The address that it prints: its own, or that of what stands before it. */
  readonly url: string
  readonly port: number
  readonly #args: readonly string[]
  #child: ChildProcess | null = null

  private constructor(url: string, port: number, args: readonly string[]) {
    this.url = url
    this.port = port
    this.#args = args
  }

  /** `behind`: the address that browsers use, where it is not the server's own. */
  static async on(directory: string, flags: readonly string[] = [], behind?: string): Promise<ServerProcess> {
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
      '--setup-code',
      setupCode,
      ...(behind === undefined ? [] : ['--url', behind]),
      ...Object.entries(place.flags).flatMap(([name, value]) => [`--${name}`, value]),
      ...flags,
    ]
    const server = new ServerProcess(behind ?? `http://localhost:${port}`, port, args)
    await server.start()
    return server
  }

  /** Of the process that runs. */
  get pid(): number {
    return this.#child?.pid ?? 0
  }

  setUp(username = 'owner'): Promise<Person> {
    return setUp(this.url, username)
  }

  signUp(username: string): Promise<Person> {
    return signUp(this.url, username)
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

  /** Ends it with this signal, and waits until it is gone: answers its exit code; null where the signal ended it or it was gone before. */
  async kill(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return null
    child.kill(signal)
    const [code] = (await once(child, 'exit')) as [number | null]
    return code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL')
  }
}
