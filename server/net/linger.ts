import type { IncomingMessage } from 'node:http'
import type { Clock } from '../core/ports/clock.ts'
import { hasBody } from './http-body.ts'

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
