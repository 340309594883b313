import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'

const main = join(import.meta.dirname, '..', '..', 'server', 'main.ts')

/** A port that nobody listens at now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

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
