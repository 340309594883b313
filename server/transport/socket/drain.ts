import type { Server } from 'node:http'
import { limits } from '../../../contract/limits.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Health } from '../http/health.ts'
import type { Sockets } from './sockets.ts'

interface DrainParts {
  readonly server: Server
  readonly sockets: Sockets
  readonly health: Health
  readonly clock: Clock
}

/**
 * Ends a node so that nobody notices, within `limits.drainMs`. First it says that it is not ready and takes no new socket, while everything
 * else goes on: for as long as load balancers need to hear of it, where there are any. Then sockets are told, spread out, to come back;
 * calls that run are answered; then the port is closed.
 */
export async function drain({ server, sockets, health, clock }: DrainParts): Promise<void> {
  const over = Promise.withResolvers<void>()
  using _late = clock.after(limits.drainMs, () => {
    sockets[Symbol.dispose]()
    server.closeAllConnections()
    over.resolve()
  })
  health.draining = true
  sockets.refuse()
  if (health.isWatched) await Promise.race([pause(clock, limits.balancerMs), over.promise])
  await Promise.race([sockets.drain(), over.promise])
  await new Promise<void>(resolve => void server.close(() => resolve()))
  sockets[Symbol.dispose]()
}

const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise(resolve => void clock.after(ms, resolve))
