import type { KeyObject } from 'node:crypto'
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import type { Epoch } from '../../../contract/ids.ts'

const cipher = 'aes-256-gcm'
const senderBytes = 16
const countBytes = 6
const nonceBytes = 12
const tagBytes = 16
const leastBytes = senderBytes + countBytes + tagBytes
/** Senders whose keys are kept; each start of a node is one. */
const mostSenders = 1_000

/**
 * What keeps the talk of one history's nodes to themselves on a Redis that others use: every message is sealed with a key that follows from
 * the workspace's salt and the epoch, for the channel that it goes over, and names of channels tell neither.
 *
 *     16 bytes   the sender: random, made once by each process
 *      6 bytes   how many it sealed before
 *      n bytes   the text, by AES-256-GCM
 *     16 bytes   the tag
 *
 * Each sender has a key of its own (HKDF, RFC 5869, over the salt), so that counting makes its nonces unique (NIST SP 800-38D, section 8.2.1)
 * however often nodes start. What is sealed can be heard again, late or twice: an announcement is known by its seq, and a signal is a hint.
 */
export class Seal {
  readonly #salt: string
  readonly #epoch: Epoch
  readonly #naming: Buffer
  readonly #sender = randomBytes(senderBytes)
  readonly #key: KeyObject
  readonly #nonce = Buffer.alloc(nonceBytes)
  #count = 0
  readonly #senders = new Map<string, KeyObject>()
  /** What the names of all its channels begin with; it stays through restores. */
  readonly prefix: string

  constructor({ salt, epoch }: { readonly salt: string; readonly epoch: Epoch }) {
    this.#salt = salt
    this.#epoch = epoch
    this.#naming = derived(salt, '', 'confab channels')
    this.#key = this.#keyOf(this.#sender)
    this.prefix = `confab:${this.#named('workspace', 12)}:`
  }

  /** The name of a channel: the same on every node of this history. */
  channel(name: string): string {
    return this.prefix + this.#named(`${this.#epoch} ${name}`, 9)
  }

  seal(channel: string, text: string): Buffer {
    this.#nonce.writeUIntBE(this.#count++, nonceBytes - countBytes, countBytes)
    const sealing = createCipheriv(cipher, this.#key, this.#nonce).setAAD(Buffer.from(channel))
    const sealed = sealing.update(text, 'utf8')
    sealing.final()
    return Buffer.concat([
      this.#sender,
      this.#nonce.subarray(nonceBytes - countBytes),
      sealed,
      sealing.getAuthTag(),
    ])
  }

  /** Whether it says that it was sealed here. */
  isOwn(message: Buffer): boolean {
    return this.#sender.equals(message.subarray(0, senderBytes))
  }

  /** The text; null where it was not sealed for this channel by a node of this history. */
  open(channel: string, message: Buffer): string | null {
    if (message.length < leastBytes) return null
    const sender = message.subarray(0, senderBytes)
    const known = this.#senders.get(sender.toString('latin1'))
    const key = known ?? this.#keyOf(sender)
    const nonce = Buffer.alloc(nonceBytes)
    message.copy(nonce, nonceBytes - countBytes, senderBytes, senderBytes + countBytes)
    const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
      .setAAD(Buffer.from(channel))
      .setAuthTag(message.subarray(-tagBytes))
    const text = opening.update(message.subarray(senderBytes + countBytes, -tagBytes))
    try {
      opening.final()
    } catch {
      return null
    }
    if (!known) this.#know(sender, key)
    return text.toString()
  }

  /** Only of what was opened, so that made-up senders push no true one out. */
  #know(sender: Buffer, key: KeyObject): void {
    const [oldest] = this.#senders.keys()
    if (this.#senders.size >= mostSenders && oldest !== undefined) this.#senders.delete(oldest)
    this.#senders.set(sender.toString('latin1'), key)
  }

  #keyOf(sender: Buffer): KeyObject {
    return createSecretKey(derived(this.#salt, sender, `confab messages ${this.#epoch}`))
  }

  #named(what: string, bytes: number): string {
    return createHmac('sha256', this.#naming).update(what).digest().subarray(0, bytes).toString('base64url')
  }
}

const derived = (salt: string, by: Buffer | string, what: string): Buffer =>
  Buffer.from(hkdfSync('sha256', salt, by, what, 32))
