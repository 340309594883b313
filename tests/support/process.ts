import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settings } from '../../server/config.ts'
import type { Place } from './here.ts'
import { placeOf } from './here.ts'

const main = join(import.meta.dirname, '..', '..', 'server', 'main.ts')

/** The program in a process of its own, on a folder of its own. `await using` kills it and takes the folder away, unless it is to be kept. */
export class TestProcess implements AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams
  readonly directory: string
  /** Everything that it wrote so far. */
  out = ''
  err = ''
  readonly #keep: boolean
  readonly #ended: Promise<number | NodeJS.Signals>
  #heard = () => {}

  private constructor(directory: string, place: Place, args: readonly string[], options: Options) {
    this.directory = directory
    this.#keep = options.keep ?? false
    const variables = Object.entries(process.env).filter(
      ([name]) => !/^(CONFAB_|PORT$|HOST$|NODE_(?!COMPILE_CACHE$))/.test(name),
    )
    const program = [process.execPath, ...(options.node ?? []), main, ...args]
    const limited = options.files
      ? ['sh', '-c', `ulimit -n ${options.files}; exec "$@"`, 'sh', ...program]
      : program
    this.child = spawn(limited[0] as string, limited.slice(1), {
      env: {
        ...Object.fromEntries(variables),
        CONFAB_DATA: directory,
        ...variablesOf(place),
        ...options.variables,
      },
    })
    this.child.stdout.on('data', chunk => {
      this.out += chunk
      this.#heard()
    })
    this.child.stderr.on('data', chunk => {
      this.err += chunk
    })
    this.#ended = once(this.child, 'close').then(([code, signal]) => code ?? signal)
  }

  static async run(args: readonly string[], options: Options = {}): Promise<TestProcess> {
    const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'confab-process-')))
    return new TestProcess(directory, await placeOf(directory), args, options)
  }

  /** A server on a free port, when it serves. */
  static async serving(options: Options = {}, args: readonly string[] = []): Promise<TestProcess> {
    const started = await TestProcess.run(['start', '--port', '0', ...args], options)
    const ended = started.ended().then(code => {
      throw new Error(`It ended with ${code}: ${started.err}`)
    })
    while (!started.out.includes('\n'))
      await Promise.race([new Promise<void>(resolve => (started.#heard = resolve)), ended])
    ended.catch(() => {})
    return started
  }

  /** The address that it printed, without the code. */
  get url(): string {
    return /http:\/\/localhost:\d+/.exec(this.out)?.[0] ?? ''
  }

  /** The set-up code that it printed. */
  get code(): string | undefined {
    return /#code=(\S+)/.exec(this.out)?.[1]
  }

  /** The exit code, or the signal that ended it. */
  ended(): Promise<number | NodeJS.Signals> {
    return this.#ended
  }

  end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals> {
    this.child.kill(signal)
    return this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL')
    await this.#ended
    if (!this.#keep) await rm(this.directory, { recursive: true, force: true })
  }
}

const variablesOf = (place: Place): Record<string, string> =>
  Object.fromEntries(
    Object.values(settings).flatMap(({ variable, flag }) =>
      place.flags[flag] === undefined ? [] : [[variable, place.flags[flag]]],
    ),
  )

export interface Options {
  /** How many files the process may have open. */
  readonly files?: number
  readonly directory?: string
  /** The folder is somebody else's. */
  readonly keep?: boolean
  readonly variables?: Readonly<Record<string, string>>
  /** Arguments of Node itself. */
  readonly node?: readonly string[]
}
