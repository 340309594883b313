import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { limits } from '../../../contract/limits.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Picture, Pictures } from '../../core/ports/pictures.ts'
import { systemClock } from '../clock.ts'
import { PictureTurns } from './turns.ts'

/** Longer than any picture within the bounds takes on a slow machine. */
const patienceMs = 20_000
/** An idle child gives its memory back. */
const idleMs = 30_000
/** A picture waits for its turn so long at most, ms: longer than for one that is read when it comes. */
const turnMs = patienceMs + 5_000
const waitingBounds = { most: 20, mostOfOne: 2, patienceMs: turnMs }
/** Resident bytes of the child: more than any picture within the bounds takes (measured: 413 MB, of which Node itself has some 90). */
const mostMemory = 500 * 1024 * 1024
/** KiB of writable memory that the kernel gives the child at most, some 650 MiB of which V8 reserves and never touches. */
const hardLimitKiB = 1024 * 1024

interface Options {
  readonly clock?: Clock
  /** Another program in the child's place, by its path. */
  readonly entry?: string
  /** Resident bytes at which the child gives up. */
  readonly mostMemory?: number
}

/**
 * Pictures are decoded in a child process, one after the other, each person's in their turn (`PictureTurns`): a decoder that crashes, hangs
 * or eats memory on hostile bytes takes the child with it, and its picture is refused. Memory is bounded thrice: by the header before anything is decoded, by the child's own watch
 * over what is resident, and by the kernel. The child is started by the first picture and ends when there were none for a while.
 */
export class PictureProcess implements Pictures {
  readonly #clock: Clock
  readonly #entry: string
  readonly #mostMemory: number
  readonly #waiting: PictureTurns<Picture>
  #child: ChildProcess | null = null
  #isBusy = false
  #isClosed = false
  #idle: Disposable | null = null

  constructor(options: Options = {}) {
    this.#clock = options.clock ?? systemClock
    this.#entry = options.entry ?? fileURLToPath(new URL('./entry.ts', import.meta.url))
    this.#mostMemory = options.mostMemory ?? mostMemory
    this.#waiting = new PictureTurns<Picture>(this.#clock, waitingBounds)
  }

  square(bytes: Uint8Array, of: string): Promise<Picture> {
    if (bytes.length > limits.avatarBytes) return Promise.resolve({ is: 'too_large' })
    if (kindOf(bytes) === null) return Promise.resolve({ is: 'unsupported' })
    return new Promise(answer => {
      if (this.#waiting.add({ of, bytes, answer }, { is: 'late' })) void this.#work()
      else answer({ is: 'busy' })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#idle?.[Symbol.dispose]()
    for (const left of this.#waiting.empty()) left.answer({ is: 'busy' })
    this.#end()
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    this.#idle?.[Symbol.dispose]()
    for (let next = this.#waiting.next(); next; next = this.#waiting.next()) {
      const begun = this.#clock.monotonic()
      next.answer(await this.#ask(next.bytes))
      this.#waiting.took(next.of, this.#clock.monotonic() - begun)
    }
    this.#isBusy = false
    if (this.#isClosed) return
    this.#idle = this.#clock.after(idleMs, () => this.#end())
  }

  #ask(bytes: Uint8Array): Promise<Picture> {
    if (!this.#child?.connected) this.#child = begin(this.#entry, this.#mostMemory)
    const asked = this.#child
    return new Promise(resolve => {
      keepsAlive(asked, true)
      const late = this.#clock.after(patienceMs, () => asked.kill('SIGKILL'))
      const over = (picture: Picture) => {
        late[Symbol.dispose]()
        asked.removeAllListeners()
        keepsAlive(asked, false)
        resolve(picture)
      }
      const failed = () => {
        this.#leave(asked)
        over({ is: this.#isClosed ? 'busy' : 'unsupported' })
      }
      asked
        .once('message', message => {
          const picture = message as Picture
          // It is about to end itself: the next picture starts another.
          if (picture.is === 'too_costly') this.#leave(asked)
          over(picture)
        })
        .once('exit', failed)
        .once('error', failed)
      asked.send(bytes, error => error && failed())
    })
  }

  /** The next picture starts another child. */
  #leave(child: ChildProcess): void {
    if (this.#child === child) this.#child = null
  }

  #end(): void {
    this.#child?.kill()
    this.#child = null
    this.#waiting.forget()
  }
}

/** The child knows none of the server's settings and cannot outlive it: the channel's end ends it. */
function begin(entry: string, memory: number): ChildProcess {
  const node = ['--max-old-space-size=256']
  const child = fork(entry, [String(memory)], {
    serialization: 'advanced',
    ...(existsSync(shell)
      ? { execPath: shell, execArgv: ['-c', limited, process.execPath, ...node] }
      : { execArgv: node }),
    // Each arena of the C library reserves memory, which would count towards the limit by how many cores there are.
    env: { MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  keepsAlive(child, false)
  return child
}

const shell = '/bin/sh'

/** Takes the limit upon itself and becomes what follows (POSIX sh). A system that knows no such limit goes on without it. */
const limited = `ulimit -d ${hardLimitKiB} 2>/dev/null; exec "$0" "$@"`

/** The process waits for a picture that is being read, and for no idle child. */
function keepsAlive(child: ChildProcess, does: boolean): void {
  if (does) {
    child.ref()
    child.channel?.ref()
  } else {
    child.unref()
    child.channel?.unref()
  }
}

type PictureKind = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif'

const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to))

/**
 * What a picture is by its first bytes, whatever it is called: JPEG (ITU T.81), PNG (ISO 15948), WebP (RFC 9649), AVIF (an ISO 14496-12
 * file whose major or compatible brands say so), GIF. `null` for anything else.
 */
export function kindOf(bytes: Uint8Array): PictureKind | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg'
  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp'
  if (['GIF87a', 'GIF89a'].includes(ascii(bytes, 0, 6))) return 'gif'
  if (ascii(bytes, 4, 8) === 'ftyp' && brandsOf(bytes).includes('avif')) return 'avif'
  return null
}

/** The brands of an `ftyp` box: the major one, and after its version the compatible ones. Its length is not believed beyond 256 bytes. */
function brandsOf(bytes: Uint8Array): string[] {
  const length = new DataView(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).getUint32(0)
  const end = Math.min(length, bytes.length, 256)
  const brands = [ascii(bytes, 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(ascii(bytes, at, at + 4))
  return brands
}
