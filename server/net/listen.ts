import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CannotListen } from '../core/ports/failures.ts'

/**
 * Listens, and answers the port, which is a free one for 0.
 * @throws CannotListen
 */
export async function listen(
  server: Server,
  at: Pick<CannotListen, 'for' | 'port' | 'host'>,
): Promise<number> {
  server.listen(at.port, at.host)
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    throw new CannotListen(at, cause)
  })
  return (server.address() as AddressInfo).port
}
