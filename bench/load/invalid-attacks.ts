import { newId } from '../../contract/ids.ts'
import type { Attack, Target } from './attack.ts'
import { RawClient } from './raw-client.ts'

const wrong = (many: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: many }, (_, n) => [`${n}a`, 1])))

/** Sends some `bytesASecond`, whatever became of what was sent before, and counts how each ended. */
async function flood(target: Target, bytes: number, send: () => Promise<string>): Promise<object> {
  const bytesASecond = 750_000
  const all: Promise<string>[] = []
  const total = Math.round((bytesASecond / bytes) * target.seconds)
  const began = performance.now()
  for (let n = 0; n < total; n++) {
    const early = began + (n * 1_000 * bytes) / bytesASecond - performance.now()
    if (early > 0) await new Promise(resolve => setTimeout(resolve, early))
    all.push(send().catch(() => 'failed'))
  }
  const ends = Map.groupBy(await Promise.all(all), end => end)
  return { sent: total, ...Object.fromEntries([...ends].map(([end, those]) => [end, those.length])) }
}

const request = (target: Target, method: string, path: string, body: string, headers: object): Attack => {
  const send = async () => {
    const url = `http://localhost:${target.port}${path}`
    const all = { 'Content-Type': 'application/json', Origin: `http://localhost:${target.port}`, ...headers }
    const response = await fetch(url, { method, headers: all, body })
    await response.arrayBuffer()
    return String(response.status)
  }
  return async () => () => flood(target, body.length, send)
}

/** A member sends 12,000 fields that no operation has, again and again. */
export const fields: Attack = target => {
  const headers = { Authorization: `Bearer ${target.mallory}` }
  return request(target, 'PATCH', '/api/me', wrong(12_000), headers)(target)
}

/** Nobody signs in with 1,600 fields that no operation has. */
export const signInFields: Attack = target =>
  request(target, 'POST', '/api/sign-in', wrong(1_600), {})(target)

/** Nobody says a hello of 1,200 cursors with a wrong field, as often as each connection lets them, up to ten times. */
export const hellos: Attack = async target => {
  const cursors = Object.fromEntries(Array.from({ length: 1_200 }, () => [`room:${newId()}`, 1]))
  const hello = JSON.stringify({ t: 'hello', v: 1, cursors, colour: 1 })
  const headers = { Origin: `http://localhost:${target.port}`, 'Sec-WebSocket-Protocol': 'confab.v1' }
  const send = async () => {
    const socket = await RawClient.open(target.port, '/ws', headers, () => {})
    for (let n = 0; n < 10; n++) socket.send(hello)
    const end = await Promise.race([
      socket.closed.promise,
      new Promise<string>(resolve => setTimeout(resolve, 5_000, 'left open')),
    ])
    socket.close()
    return end
  }
  return () => flood(target, 10 * hello.length, send)
}
