import type { UserId } from '../../contract/ids.ts'
import type { Refusal } from './answer.ts'
import { refuse } from './answer.ts'
import { Bucket } from './bucket.ts'
import type { NodeSignals } from './node-signals.ts'
import type { Clock, Store } from './ports.ts'
import type { Shared } from './shared-rates.ts'
import { SharedRates } from './shared-rates.ts'

/** How often what may be tried. Each answers a refusal that tells how long to wait, or null. */
export interface Rates extends Disposable {
  /** `known`: the account is signed in from this address at present. */
  signIn(account: string, address: string, known: () => Promise<boolean>): Promise<Refusal | null>
  signedIn(account: string, address: string): Promise<void>
  signUp(address: string): Promise<Refusal | null>
  setUp(address: string): Promise<Refusal | null>
  post(user: UserId): Refusal | null
  change(user: UserId): Refusal | null
  picture(user: UserId): Refusal | null
  /** Whether one would be refused now; nothing is taken. */
  late(of: Shared, user: UserId): Refusal | null
  sweep(): void
}

/** What the operator may set. `messages` and `changes`: a second, by one person; `signIns` and `signUps`: a minute, from one address. */
export interface RateSettings {
  readonly messages: number
  readonly changes: number
  readonly signIns: number
  readonly signUps: number
}

export const usualRates: RateSettings = { messages: 10, changes: 20, signIns: 100, signUps: 20 }

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** `most` in a window of the wall clock, kept in the store so that a restart forgets none. */
interface Bound {
  readonly most: number
  readonly windowMs: number
}

/** Five and then slowly, for whoever guesses at one account from one address. */
const guesses: readonly Bound[] = [
  { most: 5, windowMs: minuteMs },
  { most: 30, windowMs: hourMs },
]
/** Many addresses at one account. It does not hold where the account is signed in already, so its owner is never locked out there. */
const atOneAccount: readonly Bound[] = [{ most: 100, windowMs: hourMs }]
const setUps: readonly Bound[] = [{ most: 10, windowMs: minuteMs }]

const tooOften = (seconds: number): Refusal =>
  refuse(
    'rate_limited',
    `Too often. Wait for ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then try again.`,
    {
      retryAfter: seconds,
    },
  )

export function createRates(parts: {
  store: Store
  clock: Clock
  limits: 'on' | 'off'
  rates?: RateSettings
  /** What other nodes are told by; without it there is none. */
  signals?: NodeSignals
}): Rates {
  if (parts.limits === 'off') return unlimited
  const { store, clock, rates = usualRates } = parts
  const fromOneAddress: readonly Bound[] = [{ most: rates.signIns, windowMs: minuteMs }]
  const signUps: readonly Bound[] = [
    { most: rates.signUps, windowMs: minuteMs },
    { most: 10 * rates.signUps, windowMs: hourMs },
  ]
  const signals = parts.signals && !parts.signals.alone ? parts.signals : null
  const shared = new SharedRates({ buckets: bucketsOf(rates, clock), signals, clock })

  async function within(key: string, bounds: readonly Bound[]): Promise<Refusal | null> {
    for (const { most, windowMs } of bounds) {
      const { count, until } = await store.count(keyOf(key, windowMs), windowMs, clock.now())
      if (count > most) return tooOften(Math.max(1, Math.ceil((until - clock.now()) / 1000)))
    }
    return null
  }
  return {
    signIn: async (account, address, known) =>
      (await within(`sign-in ${networkOf(address)}`, fromOneAddress)) ??
      (await within(`sign-in ${networkOf(address)} ${account}`, guesses)) ??
      ((await known()) ? null : await within(`sign-in * ${account}`, atOneAccount)),
    signedIn: async (account, address) => {
      const key = `sign-in ${networkOf(address)} ${account}`
      for (const { windowMs } of guesses) await store.countReset(keyOf(key, windowMs))
    },
    signUp: address => within(`sign-up ${networkOf(address)}`, signUps),
    setUp: address => within(`set-up ${networkOf(address)}`, setUps),
    post: user => takeFrom(shared, 'posts', user),
    change: user => takeFrom(shared, 'changes', user),
    picture: user => takeFrom(shared, 'pictures', user),
    late: (of, user) => waitFor(shared.wait(of, user)),
    sweep: () => shared.sweep(),
    [Symbol.dispose]: () => shared[Symbol.dispose](),
  }
}

const bucketsOf = (rates: RateSettings, clock: Clock): Record<Shared, Bucket> => ({
  posts: new Bucket(clock, { burst: 3 * rates.messages, aSecond: rates.messages }),
  changes: new Bucket(clock, { burst: 5 * rates.changes, aSecond: rates.changes }),
  pictures: new Bucket(clock, { burst: 10, aSecond: 0.1 }),
})

const takeFrom = (shared: SharedRates, of: Shared, user: UserId): Refusal | null =>
  waitFor(shared.take(of, user))

const waitFor = (seconds: number): Refusal | null => (seconds === 0 ? null : tooOften(seconds))

const keyOf = (key: string, windowMs: number): string => `${key} ${windowMs / 1000}s`

/** An IPv6 address stands for its /64, which is what one person is given; an IPv4 address, mapped or not, for itself. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  if (!address.includes(':')) return address
  const [before = '', after] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const head = before === '' ? [] : before.split(':')
  const tail = after ? after.split(':') : []
  const zeros = after === undefined ? [] : new Array(Math.max(0, 8 - head.length - tail.length)).fill('0')
  const groups = [...head, ...zeros, ...tail].slice(0, 4)
  return `${groups.map(group => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}

const unlimited: Rates = {
  signIn: async () => null,
  signedIn: async () => {},
  signUp: async () => null,
  setUp: async () => null,
  post: () => null,
  change: () => null,
  picture: () => null,
  late: () => null,
  sweep: () => {},
  [Symbol.dispose]: () => {},
}
