import { argon2, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { foldName } from '../../../contract/names.ts'
import type { Refusal } from '../answer.ts'
import { Semaphore } from '../limits/semaphore.ts'
import { invalid } from '../refusals.ts'
import common from './common-passwords.json' with { type: 'json' }
import type { Random } from './secrets.ts'
import { systemRandom } from './secrets.ts'

/** `stale`: it was right, and is kept in an older form: hash it anew. */
interface Verdict {
  readonly right: boolean
  readonly stale: boolean
}

/** Hashes and verifies passwords, few at once: each takes 19 MiB and tens of milliseconds. Rejects with `Unavailable` under a flood. */
export interface Passwords {
  /** In the PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`. */
  hash(password: string): Promise<string>
  /** `null`, for somebody who has no password or is not there, costs what a wrong password costs. */
  verify(password: string, stored: string | null): Promise<Verdict>
}

/** Argon2id (RFC 9106) as OWASP's Password Storage Cheat Sheet has it: 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 }
const tagLength = 32
const atOnce = 2
const waiting = 200
/** Imported hashes that ask for more work than this are refused: one of them would hold up everybody's sign-in. */
export const djangoIterationsMax = 2_000_000

const argon2id = promisify(argon2).bind(null, 'argon2id')
const pbkdf2Of = promisify(pbkdf2)

type Derive = (password: string, salt: Uint8Array, form: typeof cost) => Promise<Uint8Array>
const derive: Derive = (message, nonce, form) =>
  argon2id({ message: message.normalize('NFC'), nonce, tagLength, ...form })

export function createPasswords(parts: { random?: Random; derive?: Derive } = {}): Passwords {
  const random = parts.random ?? systemRandom
  const work = parts.derive ?? derive
  const turns = new Semaphore(atOnce, waiting)

  async function hash(password: string): Promise<string> {
    const salt = random(16)
    return phcOf(salt, await turns.run(() => work(password, salt, cost)))
  }

  async function verify(password: string, stored: string | null): Promise<Verdict> {
    const django = stored === null ? null : parseDjango(stored)
    if (django) return { right: await turns.run(() => verifiesDjango(password, django)), stale: true }
    const own = stored === null ? null : parsePhc(stored)
    const tag = await turns.run(() => work(password, own?.salt ?? new Uint8Array(16), own?.form ?? cost))
    return { right: own !== null && same(tag, own.tag), stale: own !== null && !isCurrent(own.form) }
  }

  return { hash, verify }
}

const phc =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43})$/
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

const phcOf = (salt: Uint8Array, tag: Uint8Array): string =>
  `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(salt)}$${base64(tag)}`

function parsePhc(stored: string): { form: typeof cost; salt: Uint8Array; tag: Uint8Array } | null {
  const [, memory, passes, parallelism, salt, tag] = phc.exec(stored) ?? []
  if (salt === undefined || tag === undefined) return null
  const form = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  return { form, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') }
}

const isCurrent = (form: typeof cost): boolean =>
  form.memory === cost.memory && form.passes === cost.passes && form.parallelism === cost.parallelism

interface DjangoHash {
  readonly iterations: number
  readonly salt: string
  readonly tag: Uint8Array
}

/** A hash as Django's PBKDF2PasswordHasher writes it, `pbkdf2_sha256$<iterations>$<salt>$<base64>`; `null` where it is none that is verified here. */
export function parseDjango(stored: string): DjangoHash | null {
  const [, iterations, salt, tag] =
    /^pbkdf2_sha256\$(\d{1,7})\$([^$\s]{1,128})\$([A-Za-z0-9+/]{43}=)$/.exec(stored) ?? []
  if (salt === undefined || tag === undefined) return null
  const count = Number(iterations)
  if (count < 1 || count > djangoIterationsMax) return null
  return { iterations: count, salt, tag: Buffer.from(tag, 'base64') }
}

async function verifiesDjango(password: string, of: DjangoHash): Promise<boolean> {
  return same(await pbkdf2Of(password, of.salt, of.iterations, of.tag.length, 'sha256'), of.tag)
}

const same = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other)

/** Made when first asked for: most starts of a server check no password. */
let known: ReadonlySet<string> | null = null

/**
 * Refuses a password that is tried first by whoever guesses: one of the 10,000 commonest, or one of the names that stand beside it (one's
 * own, the e-mail address, the workspace). Letters' case is no difference.
 */
export function refuseWeak(password: string, names: readonly string[], field = 'password'): Refusal | null {
  known ??= new Set(common.words.split(' ').map(foldName))
  const folded = foldName(password)
  if (known.has(folded))
    return invalid(field, 'This password is among the commonest ones and guessed first. Choose another one.')
  const near = names.flatMap(name => [name, name.split('@')[0] ?? '']).map(foldName)
  if (near.includes(folded))
    return invalid(field, 'A password that is a name known to others is guessed first. Choose another one.')
  return null
}
