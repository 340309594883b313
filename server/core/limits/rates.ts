import type { SessionId, UserId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Refusal } from '../answer.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'
import type { NodeSignals } from '../presence/node-signals.ts'
import type { Bound } from './counts.ts'
import { Counts, tooOften } from './counts.ts'
import type { Shared } from './shared-rates.ts'
import { SharedRates } from './shared-rates.ts'
import { TokenBucket } from './token-bucket.ts'

/** How often what may be tried. Each answers a refusal that tells how long to wait, or null. */
export interface Rates extends Disposable {
  signIn(of: SignInTry): Promise<Refusal | null>
  /** It was right: the wrong tries before it are forgotten. */
  signedIn(of: SignInTry): Promise<void>
  /** One's own password, given in a session. `over`: so often in so short a time that the session is to end. */
  confirm(session: SessionId): Promise<Refusal | 'over' | null>
  confirmed(session: SessionId): Promise<void>
  signUp(address: string): Promise<Refusal | null>
  setUp(address: string): Promise<Refusal | null>
  /** A direct room that is not there yet. */
  direct(user: UserId): Promise<Refusal | null>
  /** Making a room, public or private. */
  room(user: UserId): Promise<Refusal | null>
  /** Putting one and the same person into rooms. */
  add(user: UserId, target: UserId): Promise<Refusal | null>
  post(user: UserId): Refusal | null
  change(user: UserId): Refusal | null
  picture(user: UserId): Refusal | null
  /** Whether one would be refused now; nothing is taken. */
  rateLimitRefusal(of: Shared, user: UserId): Refusal | null
  sweep(): void
}

export interface SignInTry {
  /** The person's id, or, where there is nobody of the name, the name as it was typed. */
  readonly account: string
  readonly address: string
  /** The hash of the device, where this person is known on it; else null. */
  readonly device: string | null
  /** Whether the account is signed in from this address at present. */
  readonly signedInHere: boolean
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

/** Five and then slowly, for whoever guesses at one account from one address. */
const guesses: readonly Bound[] = [
  { most: 5, windowMs: minuteMs },
  { most: 30, windowMs: hourMs },
]
/** Many addresses at one account. It does not hold where the account is signed in already, so its owner is never locked out there. */
const atOneAccount: readonly Bound[] = [{ most: 100, windowMs: hourMs }]
/** Who is in a session and gives wrong passwords: few at once, and so many that somebody else must be at the keys. */
const confirmations: readonly Bound[] = [{ most: 5, windowMs: minuteMs }]
const inOneSession: readonly Bound[] = [{ most: 20, windowMs: hourMs }]
/** As many as somebody begins who writes to a whole company; and far below what fills anybody's list. */
const directs: readonly Bound[] = [
  { most: 30, windowMs: 10 * minuteMs },
  { most: 200, windowMs: 24 * hourMs },
]
/** Rooms that one made and left count too: everybody's list has the public ones. */
const madeRooms: readonly Bound[] = [
  { most: limits.roomsMadeInTenMinutes, windowMs: 10 * minuteMs },
  { most: limits.roomsMadeADay, windowMs: 24 * hourMs },
]
/** One person, by one other. Whoever makes rooms for a company puts many in each, and each of them in few. */
const additions: readonly Bound[] = [
  { most: 30, windowMs: 10 * minuteMs },
  { most: 100, windowMs: 24 * hourMs },
]
const setUps: readonly Bound[] = [{ most: 10, windowMs: minuteMs }]

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

  const counts = new Counts(store, clock)
  return {
    ...passwordTries(counts, fromOneAddress),
    signUp: address => counts.within(`sign-up ${networkOf(address)}`, signUps),
    setUp: address => counts.within(`set-up ${networkOf(address)}`, setUps),
    direct: user => counts.within(`direct ${user}`, directs),
    room: user => counts.within(`room ${user}`, madeRooms),
    add: (user, target) => counts.within(`add ${user} ${target}`, additions),
    post: user => takeFrom(shared, 'posts', user),
    change: user => takeFrom(shared, 'changes', user),
    picture: user => takeFrom(shared, 'pictures', user),
    rateLimitRefusal: (of, user) => waitFor(shared.wait(of, user)),
    sweep: () => shared.sweep(),
    [Symbol.dispose]: () => shared[Symbol.dispose](),
  }
}

/** Tries of a password, at signing in and in a session. */
const passwordTries = (
  counts: Counts,
  fromOneAddress: readonly Bound[],
): Pick<Rates, 'signIn' | 'signedIn' | 'confirm' | 'confirmed'> => ({
  signIn: async of => {
    // A device that is known is counted by itself, whatever comes from elsewhere.
    if (of.device !== null) return counts.within(triesOf(of), guesses)
    return (
      (await counts.within(`sign-in ${networkOf(of.address)}`, fromOneAddress)) ??
      (await counts.within(triesOf(of), guesses)) ??
      (of.signedInHere ? null : await counts.within(`sign-in * ${of.account}`, atOneAccount))
    )
  },
  signedIn: of => counts.forget(triesOf(of), guesses),
  confirm: async session =>
    (await counts.within(`confirm ${session}`, confirmations)) ??
    ((await counts.within(`confirm in ${session}`, inOneSession)) ? 'over' : null),
  confirmed: async session => {
    await counts.forget(`confirm ${session}`, confirmations)
    await counts.forget(`confirm in ${session}`, inOneSession)
  },
})

const bucketsOf = (rates: RateSettings, clock: Clock): Record<Shared, TokenBucket> => ({
  posts: new TokenBucket(clock, { burst: 3 * rates.messages, aSecond: rates.messages }),
  changes: new TokenBucket(clock, { burst: 5 * rates.changes, aSecond: rates.changes }),
  pictures: new TokenBucket(clock, { burst: 10, aSecond: 0.1 }),
})

const takeFrom = (shared: SharedRates, of: Shared, user: UserId): Refusal | null =>
  waitFor(shared.take(of, user))

const waitFor = (seconds: number): Refusal | null => (seconds === 0 ? null : tooOften(seconds))

/** Under what the tries of one device, or of one network, at one account are counted. */
const triesOf = ({ account, address, device }: SignInTry): string =>
  device === null ? `sign-in ${networkOf(address)} ${account}` : `sign-in by ${device} ${account}`

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
  confirm: async () => null,
  confirmed: async () => {},
  signUp: async () => null,
  setUp: async () => null,
  direct: async () => null,
  room: async () => null,
  add: async () => null,
  post: () => null,
  change: () => null,
  picture: () => null,
  rateLimitRefusal: () => null,
  sweep: () => {},
  [Symbol.dispose]: () => {},
}
