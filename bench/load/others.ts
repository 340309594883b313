import { newId } from '../../contract/ids.ts'
import { Latency } from './latency.ts'
import { RawClient } from './raw-client.ts'

export interface Talk {
  readonly port: number
  readonly tokens: readonly string[]
  readonly room: string
  /** Posts a second, of all of them together. */
  readonly rate: number
  readonly seconds: number
}

/** What became of the posts of those who are attacked. Latency: from when a post was due to its acknowledgement, ms. */
export interface Served {
  readonly sent: number
  readonly acknowledged: number
  readonly refused: number
  /** Neither acknowledged nor refused within `patienceMs` of the last. */
  readonly lost: number
  readonly ms: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number }
}

const patienceMs = 30_000

/** People who talk in a room at a fixed rate: each post goes when it is due, whatever became of the one before (open loop). */
export const Others = {
  async talk({ port, tokens, room, rate, seconds }: Talk): Promise<Served> {
    const latency = new Latency()
    const due = new Map<number, number>()
    let refused = 0
    const finished = Promise.withResolvers<void>()
    let isSent = false
    const hear = (payload: Buffer) => {
      if (payload.toString('latin1', 6, 12) !== 'reply"') return
      const { ref, error } = JSON.parse(payload.toString()) as { ref: number; error?: object }
      latency.add(performance.now() - (due.get(ref) ?? 0))
      due.delete(ref)
      if (error) refused++
      if (isSent && due.size === 0) finished.resolve()
    }
    const clients = await Promise.all(tokens.map(token => speaker(port, token, hear)))
    const total = Math.round(rate * seconds)
    const began = performance.now()
    for (let n = 0; n < total; n++) {
      const at = began + (n * 1_000) / rate
      const early = at - performance.now()
      if (early > 0) await new Promise(resolve => setTimeout(resolve, early))
      due.set(n, at)
      clients[n % clients.length]?.send(postOf(n, room))
    }
    isSent = true
    if (due.size > 0)
      await Promise.race([finished.promise, new Promise(resolve => setTimeout(resolve, patienceMs).unref())])
    for (const client of clients) client.close()
    return {
      sent: total,
      acknowledged: latency.count - refused,
      refused,
      lost: due.size,
      ms: summary(latency),
    }
  },
}

const postOf = (n: number, room: string): string =>
  JSON.stringify({ t: 'call', ref: n, op: 'messages.post', input: { id: newId(), room, text: `Post ${n}` } })

const summary = (latency: Latency): Served['ms'] => ({
  p50: latency.quantile(0.5),
  p95: latency.quantile(0.95),
  p99: latency.quantile(0.99),
  max: Math.round(latency.max * 10) / 10,
})

/** Somebody on a socket that was welcomed. */
export async function speaker(
  port: number,
  token: string,
  hear: (payload: Buffer) => void,
): Promise<RawClient> {
  const welcomed = Promise.withResolvers<void>()
  const headers = { Authorization: `Bearer ${token}`, 'Sec-WebSocket-Protocol': 'confab.v1' }
  const client = await RawClient.open(port, '/ws', headers, payload => {
    if (payload.toString('latin1', 6, 12) === 'welcom') welcomed.resolve()
    else hear(payload)
  })
  client.send(JSON.stringify({ t: 'hello', v: 1, cursors: {} }))
  await Promise.race([
    welcomed.promise,
    client.closed.promise.then(how => {
      throw new Error(`the server closed the socket before its welcome: ${how}`)
    }),
  ])
  return client
}
