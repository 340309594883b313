import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ServerAtAddress, setupCode } from './app.ts'
import { freePort } from './free-port.ts'
import { placeOf } from './here.ts'
import type { Host } from './host.ts'
import { loopback } from './host.ts'

const main = join(import.meta.dirname, '..', '..', 'server', 'main.ts')

const highLimits = ['messages', 'changes', 'sign-ins', 'sign-ups'].flatMap(of => [`--limit-${of}`, '100000'])

/** Confab in a process of its own, which a test may kill and start again on the same folder and port. */
export class ServerProcess extends ServerAtAddress implements AsyncDisposable {
  /** The address that it prints: its own, or that of what stands before it. */
  readonly url: string
  readonly port: number
  readonly #args: readonly string[]
  readonly #host: Host
  #child: ChildProcess | null = null

  private constructor(url: string, port: number, args: readonly string[], host: Host) {
    super()
    this.url = url
    this.port = port
    this.#args = args
    this.#host = host
  }

  /** `behind`: the address that browsers use, where it is not the server's own. */
  static async on(
    directory: string,
    flags: readonly string[] = [],
    behind?: string,
    host: Host = loopback,
  ): Promise<ServerProcess> {
    const port = await freePort()
    const place = await placeOf(directory)
    const url = behind ?? `http://${host.name}:${port}`
    const isItsOwn = behind === undefined && host === loopback
    const args = [
      'start',
      '--port',
      String(port),
      '--data',
      directory,
      '--log',
      'warn',
      '--setup-code',
      setupCode,
      ...(isItsOwn ? [] : ['--url', url]),
      // No limits at all is taken on a loopback alone.
      ...(host === loopback ? ['--limits', 'off'] : ['--host', host.address, ...highLimits]),
      ...Object.entries(place.flags).flatMap(([name, value]) => [`--${name}`, value]),
      ...flags,
    ]
    const server = new ServerProcess(url, port, args, host)
    await server.start()
    return server
  }

  /** Of the process that runs. */
  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    const child = this.#host.spawn(process.execPath, [main, ...this.#args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => chunk.includes(this.url) && resolve())
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
