import { randomUUID } from 'node:crypto'
import { createClient, ErrorReply } from '@redis/client'
import { reasonOf } from '../../adapters/reason.ts'
import type { Finding } from './finding.ts'
import { fail, ok, warn } from './finding.ts'

const oldest = 6
const answerMs = 2_000
const slowMs = 20

type Client = ReturnType<typeof createClient>

/** The Redis or Valkey between nodes. It keeps nothing of ours, so that whatever it throws away for want of memory is no loss. */
export async function checkRedis(url: string, monotonic: () => number): Promise<Finding[]> {
  const clients: Client[] = []
  const connected = async () => {
    const client: Client = createClient({
      url,
      disableClientInfo: true,
      maintNotifications: 'disabled',
      socket: { connectTimeout: answerMs, reconnectStrategy: false },
    })
    clients.push(client)
    client.on('error', () => {})
    await inTime(client.connect())
    return client
  }
  try {
    const client = await connected()
    const info = async (section: string) => String(await inTime(client.sendCommand(['INFO', section])))
    const server = await info('server')
    return [
      versionIn(server),
      ...roleIn(server, await info('replication')),
      await ping(client, monotonic),
      await carries(client, await connected()),
    ]
  } catch (error) {
    return [
      fail(
        `Redis cannot be asked: ${reasonOf(error)}.`,
        'See that it runs, and that CONFAB_REDIS_URL names its host, port and password, with rediss:// where it speaks TLS and only there. Without it chat goes on, and nodes read each other’s events from the database, with a delay.',
      ),
    ]
  } finally {
    for (const client of clients) client.destroy()
  }
}

/** From what INFO tells. Valkey tells a version of Redis too, that of which it is compatible. */
export function versionIn(info: string): Finding {
  const told = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1]
  const redis = told('redis_version') ?? ''
  const name = told('valkey_version')
    ? `Valkey ${told('valkey_version')}`
    : `Redis ${redis || 'of no known version'}`
  if (Number.parseInt(redis, 10) >= oldest) return ok(`It is ${name}.`)
  return fail(`It is ${name}.`, `Upgrade it to Redis ${oldest} or newer, or to Valkey.`)
}

/** In a cluster any node tells where the masters are; elsewhere, messages go from a primary to its replicas and not back. */
function roleIn(server: string, replication: string): Finding[] {
  if (/^redis_mode:cluster/m.test(server) || !/^role:slave/m.test(replication)) return []
  return [
    warn(
      'It is a replica: what one node publishes to it is heard by those who are connected to it alone.',
      'Let CONFAB_REDIS_URL name the primary.',
    ),
  ]
}

async function ping(client: Client, monotonic: () => number): Promise<Finding> {
  const trips: number[] = []
  for (let n = 0; n < 5; n++) {
    const began = monotonic()
    const wrong = await inTime(client.sendCommand(['PING'])).then(() => null, refusal)
    if (wrong)
      return warn(
        `It answers a ping with an error: ${wrong}`,
        'See to what it says. It carries messages all the same.',
      )
    trips.push(monotonic() - began)
  }
  const least = Math.min(...trips)
  const says = `It answers within ${least.toFixed(1)} ms.`
  return least < slowMs
    ? ok(says)
    : warn(says, 'Bring nodes and Redis closer together: deliveries between nodes wait for it.')
}

/** What Redis answered in the place of an answer. */
function refusal(error: unknown): string {
  if (error instanceof ErrorReply) return error.message
  throw error
}

/** Whether what one connection publishes is heard by another. */
async function carries(from: Client, to: Client): Promise<Finding> {
  const channel = `confab:doctor:${randomUUID()}`
  try {
    const heard = Promise.withResolvers<void>()
    await inTime(to.subscribe(channel, () => heard.resolve()))
    await inTime(from.publish(channel, 'heard?'))
    await inTime(heard.promise)
    return ok('It carries messages from one node to another.')
  } catch (error) {
    return fail(
      `It carries no message from one connection to another: ${reasonOf(error)}.`,
      'Let its user subscribe and publish to the channels confab:* (ACL SETUSER ... &confab:* +@pubsub).',
    )
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), answerMs)
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
