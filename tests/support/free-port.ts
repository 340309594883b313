import { once } from 'node:events'
import { createServer } from 'node:net'

/** Above what browsers refuse, and below what systems give to connections that go out: none of those takes it in the meantime. */
const [lowest, most] = [11_000, 21_000]
const given = new Set<number>()

/** A port that nobody listens at now, and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * most)
    if (given.has(port)) continue
    given.add(port)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
