import type { Clock } from '../../core/ports/clock.ts'
import { Unavailable } from '../../core/ports/failures.ts'
import { Damaged } from './verified.ts'

const tries = 4
/** One try, from asking to the last byte of the answer. */
const tryMs = 10_000
/** All tries and the pauses between them. */
const allMs = 25_000
/** The longest first pause; each next may be twice as long. */
const pauseMs = 200

/** What the service answered instead. Its status and code are all that is told: a body may repeat what was signed. */
export class S3Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    super(`the storage of files answered ${status}${code && ` ${code}`}${advice(status, code)}`)
    this.name = 'S3Refusal'
    this.status = status
    this.code = code
  }
}

/**
 * Tries a few times, with pauses of a random length so that nodes which failed together do not come back together, and within bounded time.
 * @throws Unavailable when that did not help, or will not; `full` where the service says that it has no room.
 */
export async function withPatience<T>(
  { clock, random }: { clock: Clock; random: () => number },
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ends = clock.monotonic() + allMs
  for (let n = 1; ; n++) {
    const left = ends - clock.monotonic()
    const late = new AbortController()
    using _timer = clock.after(Math.min(tryMs, left), () => late.abort(new Error('no answer in time')))
    try {
      return await attempt(late.signal)
    } catch (error) {
      const pause = random() * pauseMs * 2 ** n
      const over = n >= tries || ends - clock.monotonic() <= pause
      if (over || !mayPass(error)) throw unavailable(error)
      await new Promise<void>(resolve => void clock.after(pause, resolve))
    }
  }
}

/** Whether a later try may go better. What is no answer at all may: a connection that broke, or bytes that are not whole. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof S3Refusal)) return true
  if (isFull(error)) return false
  return error.status >= 500 || [408, 429].includes(error.status) || error.code === 'RequestTimeout'
}

function unavailable(error: unknown): Unavailable {
  const full = error instanceof S3Refusal && isFull(error)
  const damaged = error instanceof Damaged
  return new Unavailable('the files cannot be written or read', { cause: error, full, damaged })
}

const isFull = ({ status, code }: S3Refusal): boolean =>
  status === 507 || /^(QuotaExceeded|XMinioStorageFull|InsufficientStorage)/.test(code)

function advice(status: number, code: string): string {
  if (code === 'SignatureDoesNotMatch') return ': the secret, or the region, is not right'
  if (code === 'InvalidAccessKeyId') return ': it knows no such key'
  if (code === 'RequestTimeTooSkewed') return ': the clocks of this machine and of the service differ'
  if (code === 'NoSuchBucket') return ': the bucket is to be made first'
  if (status >= 300 && status < 400) return ': the bucket is at another endpoint or in another region'
  return ''
}
