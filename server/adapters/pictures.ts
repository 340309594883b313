import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { limits } from '../../contract/limits.ts'
import type { Clock, Picture, Pictures } from '../core/ports.ts'
import { systemClock } from './clock.ts'
import { kindOf } from './picture-kind.ts'

/** Longer than any picture within the bounds takes on a slow machine. */
const patienceMs = 20_000
/** An idle child gives its memory back. */
const idleMs = 30_000
const mostWaiting = 20

interface Waiting {
  readonly bytes: Uint8Array
  answer(picture: Picture): void
}

/**
 * Pictures are decoded in a child process, one after the other: a decoder that crashes, hangs or eats memory on hostile bytes takes the
 * child with it, and its picture is refused. The child is started by the first picture and ends when there were none for a while.
 */
export function createPictures(options: { clock?: Clock; entry?: string } = {}): Pictures {
  const clock = options.clock ?? systemClock
  const entry = options.entry ?? new URL('./picture-entry.ts', import.meta.url)
  const waiting: Waiting[] = []
  let child: ChildProcess | null = null
  let busy = false
  let idle: Disposable | null = null

  const square = (bytes: Uint8Array): Promise<Picture> => {
    if (bytes.length > limits.avatarBytes) return Promise.resolve({ is: 'too_large' })
    if (kindOf(bytes) === null) return Promise.resolve({ is: 'unsupported' })
    if (waiting.length >= mostWaiting) return Promise.resolve({ is: 'busy' })
    return new Promise(answer => {
      waiting.push({ bytes, answer })
      void work()
    })
  }

  async function work(): Promise<void> {
    if (busy) return
    busy = true
    idle?.[Symbol.dispose]()
    for (let next = waiting.shift(); next; next = waiting.shift()) next.answer(await ask(next.bytes))
    busy = false
    idle = clock.after(idleMs, end)
  }

  function ask(bytes: Uint8Array): Promise<Picture> {
    if (!child?.connected) child = begin(entry)
    const asked = child
    return new Promise(resolve => {
      keepsAlive(asked, true)
      const late = clock.after(patienceMs, () => asked.kill('SIGKILL'))
      const over = (picture: Picture) => {
        late[Symbol.dispose]()
        asked.removeAllListeners()
        keepsAlive(asked, false)
        resolve(picture)
      }
      const failed = () => {
        if (child === asked) child = null
        over({ is: 'unsupported' })
      }
      asked
        .once('message', message => over(message as Picture))
        .once('exit', failed)
        .once('error', failed)
      asked.send(bytes, error => error && failed())
    })
  }

  function end(): void {
    child?.kill()
    child = null
  }

  return {
    square,
    [Symbol.asyncDispose]: async () => {
      idle?.[Symbol.dispose]()
      for (const left of waiting.splice(0)) left.answer({ is: 'busy' })
      end()
    },
  }
}

/** The child knows none of the server's settings and cannot outlive it: the channel's end ends it. */
const begin = (entry: string | URL): ChildProcess => {
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: ['--max-old-space-size=256'],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  keepsAlive(child, false)
  return child
}

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
