import { RedisServer } from './redis-server.ts'

let server: Promise<string> | null = null

/** The Redis that `npm test` started for all its files, else one of this process's own. Channels are named by epochs, so tests share it. */
export function redisUrl(): Promise<string> {
  server ??= start()
  return server
}

async function start(): Promise<string> {
  const given = process.env.TEST_REDIS_URL
  if (given) return given
  const started = await RedisServer.start()
  process.once('exit', () => started.abandon())
  return started.url
}
