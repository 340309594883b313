import { randomUUID } from 'node:crypto'
import { createClient } from '@redis/client'
import type { Finding } from './finding.ts'
import { fail, ok, reasonOf, warn } from './finding.ts'

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
    const version = versionIn(String(await inTime(client.sendCommand(['INFO', 'server']))))
    return [version, await ping(client, monotonic), await carries(client, await connected())]
  } catch (error) {
    return [
      fail(
        `Redis cannot be asked: ${reasonOf(error)}.`,
        'See that it runs, and that CONFAB_REDIS_URL names its host, port and password. Without it chat goes on, and nodes hear of each other late.',
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

async function ping(client: Client, monotonic: () => number): Promise<Finding> {
  const trips: number[] = []
  for (let n = 0; n < 5; n++) {
    const began = monotonic()
    await inTime(client.sendCommand(['PING']))
    trips.push(monotonic() - began)
  }
  const least = Math.min(...trips)
  const says = `It answers within ${least.toFixed(1)} ms.`
  return least < slowMs
    ? ok(says)
    : warn(says, 'Bring nodes and Redis closer together: deliveries between nodes wait for it.')
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
