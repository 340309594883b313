import type { SessionId, TokenId, UserId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Identity, Origin } from '../answer.ts'
import type { NewSession } from '../log/change.ts'
import type { Life } from '../ports/authentication.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'
import type { Random } from './secrets.ts'
import { hashSecret, isSessionSecret, isTokenSecret, newSessionSecret } from './secrets.ts'

/** What proves who is asking. */
export type Proof = { readonly cookie: string } | { readonly bearer: string }

/** A use is written down at most this often for each session and token. */
const noteEveryMs = 60_000
const agentCharacters = 200

/** When a session or a token ends by itself, Unix ms; null for never. A session that is used meanwhile lasts longer. */
export const endOf = (life: Life): number | null =>
  'expires' in life
    ? life.expires
    : Math.min(life.seenAt + limits.sessionIdleMs, life.createdAt + limits.sessionMaxMs)

/** Sessions and tokens: secrets in, identities out. Only hashes are kept. */
export class Authentication {
  readonly #store: Store
  readonly #clock: Clock
  readonly #random: Random
  readonly #notedAt = new Map<SessionId | TokenId, number>()

  constructor(parts: { store: Store; clock: Clock; random: Random }) {
    this.#store = parts.store
    this.#clock = parts.clock
    this.#random = parts.random
  }

  /** Who that is, if the proof holds now and its user is active. */
  async identify(proof: Proof): Promise<Identity | null> {
    const identity =
      'cookie' in proof ? await this.#bySession(proof.cookie) : await this.#byToken(proof.bearer)
    if (!identity) return null
    const user = await this.#store.user(identity.user)
    return user?.state === 'active' ? identity : null
  }

  /** Whether the session or token that somebody was identified by has not ended since. */
  async isAlive({ id }: Identity): Promise<boolean> {
    const life = (await this.#store.alive([id])).get(id)
    return life !== undefined && !this.#isOver(life)
  }

  /** A session that begins now, and its secret, which nobody is told but the browser. */
  begin(user: UserId, from: Origin): { session: NewSession; secret: string } {
    const secret = newSessionSecret(this.#random)
    const at = this.#clock.now()
    const agent = from.agent.slice(0, agentCharacters).toWellFormed()
    return {
      session: { id: newId(at), user, hash: hashSecret(secret), at, agent, address: from.address },
      secret,
    }
  }

  /** Whether a use of it is to be written down now: it was not for a minute. Asked at every call, so it costs no promise. */
  isNews(identity: Identity): boolean {
    const now = this.#clock.now()
    const notedAt = this.#notedAt.get(identity.id)
    if (notedAt !== undefined && Math.abs(now - notedAt) < noteEveryMs) return false
    this.#notedAt.set(identity.id, now)
    return true
  }

  /** A session or token was used: it is not idle. */
  used(identity: Identity): Promise<void> {
    const now = this.#clock.now()
    if (identity.by === 'session') return this.#store.sessionSeen(identity.id, now)
    return this.#store.tokenUsed(identity.id, now)
  }

  /** Deletes what has been idle or lived for too long. */
  async expire(): Promise<void> {
    const now = this.#clock.now()
    await this.#store.expire({
      idle: now - limits.sessionIdleMs,
      made: now - limits.sessionMaxMs,
      devices: now - limits.deviceMs,
      now,
    })
    for (const [id, notedAt] of this.#notedAt) if (now - notedAt >= noteEveryMs) this.#notedAt.delete(id)
  }

  async #bySession(secret: string): Promise<Identity | null> {
    if (!isSessionSecret(secret)) return null
    const found = await this.#store.session(hashSecret(secret))
    if (!found) return null
    return this.#isOver(found) ? null : { user: found.user, by: 'session', id: found.id }
  }

  async #byToken(secret: string): Promise<Identity | null> {
    if (!isTokenSecret(secret)) return null
    const found = await this.#store.token(hashSecret(secret))
    if (!found) return null
    return this.#isOver(found) ? null : { user: found.user, by: 'token', id: found.id }
  }

  #isOver(life: Life): boolean {
    const end = endOf(life)
    return end !== null && end <= this.#clock.now()
  }
}
