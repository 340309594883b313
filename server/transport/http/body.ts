import type { IncomingMessage } from 'node:http'
import type { Refusal } from '../../core/answer.ts'
import { refuse } from '../../core/answer.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { InputSize } from '../input-size.ts'
import { countEntries } from '../input-size.ts'

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Why a body is not taken as JSON by its headers: forms and plain text are what another site's page can send without asking. */
export function notJson({ headers }: IncomingMessage): Refusal | null {
  const [type = '', ...parameters] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map(part => part.trim())
  const utf8 = parameters.every(part => part === '' || /^charset="?utf-8"?$/.test(part))
  if (type !== 'application/json' || !utf8)
    return refuse('unsupported', 'Send the body as application/json in UTF-8.')
  return encoded(headers['content-encoding'])
}

/** Why a body is not taken as raw bytes. What they are is told by themselves, where they are read. */
export function notBytes({ headers }: IncomingMessage): Refusal | null {
  const type = headers['content-type'] ?? ''
  if (type !== '' && !/^(image\/|application\/octet-stream$)/i.test(type))
    return refuse('unsupported', 'Send the bytes themselves, with their own Content-Type.')
  return encoded(headers['content-encoding'])
}

const encoded = (encoding: string | undefined): Refusal | null =>
  encoding === undefined || encoding === 'identity'
    ? null
    : refuse('unsupported', 'Send the body without a Content-Encoding.')

/** The fields of a JSON object in UTF-8 (RFC 8259) that has no more than `most`; no bytes are an empty one. */
export function jsonFieldsOf(body: Uint8Array, most: InputSize): readonly [string, unknown][] | Refusal {
  if (body.length === 0) return []
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    const counted = countEntries(text, most)
    if ('error' in counted) return counted
    const json: unknown = JSON.parse(text)
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return Object.entries(json)
  } catch {
    return refuse('invalid', 'The body is not JSON in UTF-8.')
  }
  return refuse('invalid', 'The body must be a JSON object.')
}

/** So long what is still sent is read and thrown away, ms, so that whoever sends it comes to read the answer. */
const lingerMs = 2_000

/**
 * Whether more of the body is to come, which nobody reads: the next request would have to wait for all of it, so there is none on this line
 * (RFC 9112, section 9.3).
 */
export async function isLeftUnread(request: IncomingMessage): Promise<boolean> {
  const isComing = () => hasBody(request) && !request.complete
  if (!isComing()) return false
  // A short body has come with the headers, as a rule, and is taken in behind them.
  await new Promise(setImmediate)
  return isComing()
}

/**
 * Has the line closed in two steps after its last answer: no more is written, and what comes is thrown away until the other end closes, or for
 * a while. To close it at once would reset it, and take the answer from a sender who has not read it yet (RFC 9112, section 9.6).
 */
export function linger({ socket }: IncomingMessage, clock: Clock): void {
  socket.destroySoon = () => {
    const late = clock.after(lingerMs, () => socket.destroy())
    socket.once('end', () => socket.destroy()).once('close', () => late[Symbol.dispose]())
    socket.end()
    socket.resume()
  }
}
