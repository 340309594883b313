import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Bytes that nobody can guess. */
export type Random = (bytes: number) => Uint8Array

export const systemRandom: Random = bytes => randomBytes(bytes)

/** What a token begins with, so that people and scanners of leaked secrets know it for what it is. */
export const tokenPrefix = 'confab_'
/** 32 bytes in base64url (RFC 4648, section 5), without padding. */
const form = /^[A-Za-z0-9_-]{43}$/

/** A session's secret: 256 bits, what the cookie holds. */
export const newSessionSecret = (random: Random): string => Buffer.from(random(32)).toString('base64url')

/** A token's secret: its prefix and 256 bits. */
export const newTokenSecret = (random: Random): string => tokenPrefix + newSessionSecret(random)

export const isSessionSecret = (secret: string): boolean => form.test(secret)
export const isTokenSecret = (secret: string): boolean =>
  secret.startsWith(tokenPrefix) && form.test(secret.slice(tokenPrefix.length))

/**
 * What is stored of a secret: its SHA-256 in hex. A secret of 256 random bits needs no salt and no stretching, and looking it up by its
 * hash leaves nothing to time.
 */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Whether two texts are equal, in a time that tells neither where they differ nor how long they are. */
export function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

/** A salted hash over what "the same" means of a thing: equal for equal parts, and telling nothing of them without the salt. */
export const fingerprintOf = (salt: string, parts: readonly (string | number | boolean | null)[]): string =>
  createHmac('sha256', salt).update(JSON.stringify(parts)).digest('base64url')

/**
 * The set-up code of a workspace: the same on every node and at every start, and nobody's who cannot read the database: 80 bits that follow from its salt, as four groups
 * of four letters and digits, without those that people mistake for one another (Crockford's base 32).
 */
export function setupCodeOf(salt: string): string {
  const bytes = createHmac('sha256', salt).update('set-up code').digest().subarray(0, 16)
  const letters = Array.from(bytes, byte => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[byte % 32])
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-')
}
