import { connect } from 'node:net'
import { newId } from '../../contract/ids.ts'
import type { Attack, Target } from './attack.ts'
import { fields, hellos, signInFields } from './invalid-attacks.ts'
import { speaker } from './others.ts'

const call = (target: Pick<Target, 'port'>, token: string, method: string, path: string, body?: object) =>
  fetch(`http://localhost:${target.port}${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

/** Fifteen sockets of one member with sixty pages each, over a hundred messages of 16 KB. */
const reads: Attack = async target => {
  const { port, mallory } = target
  const room = newId()
  await call(target, mallory, 'POST', '/api/rooms', {
    id: room,
    kind: 'private',
    name: `Essays ${room.slice(-6)}`,
  })
  for (let n = 0; n < 100; ) {
    const post = { id: newId(), text: 'x'.repeat(16_000) }
    const { status } = await call(target, mallory, 'POST', `/api/rooms/${room}/messages`, post)
    if (status === 200) n++
    else await pause(500)
  }
  return async () => {
    const begun = performance.now()
    const until = begun + target.seconds * 1_000
    const seen = { asked: 0, answered: 0, refused: 0, closed: 0 }
    const one = async () => {
      while (performance.now() < until) await sixtyPages(port, mallory, room, seen).catch(() => pause(100))
    }
    await Promise.all(Array.from({ length: 15 }, one))
    return { ...seen, seconds: (performance.now() - begun) / 1_000 }
  }
}

type Seen = Record<'asked' | 'answered' | 'refused' | 'closed', number>

/** Asks for sixty pages at once on a socket of its own, and resolves when all were answered or the server closed it. */
async function sixtyPages(port: number, token: string, room: string, seen: Seen): Promise<void> {
  const over = Promise.withResolvers<void>()
  let left = 60
  const socket = await speaker(port, token, payload => {
    if (payload.toString('latin1', 6, 12) !== 'reply"') return
    if (payload.length < 1_000) seen.refused++
    else seen.answered++
    if (--left === 0) over.resolve()
  })
  for (let n = 0; n < 60; n++) {
    seen.asked++
    socket.send(JSON.stringify({ t: 'call', ref: n, op: 'messages.list', input: { room, limit: 100 } }))
  }
  const closed = socket.closed.promise.then(() => void seen.closed++)
  await Promise.race([over.promise, closed, pause(60_000)])
  socket.close()
}

/** Requests of which a part is sent and then nothing more, until the server has ended them all or the attack is over. */
async function stalled(target: Target, many: number, head: string, part: Buffer): Promise<object> {
  let ended = 0
  const all = Promise.withResolvers<void>()
  const sockets = Array.from({ length: many }, () => {
    const socket = connect(target.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.on('close', () => {
      if (++ended === many) all.resolve()
    })
    socket.resume()
    socket.write(head)
    socket.write(part)
    return socket
  })
  await Promise.race([all.promise, pause(target.seconds * 1_000)])
  const endedByServer = ended
  for (const socket of sockets) socket.destroy()
  return { stalled: many, endedByServer }
}

const head = (port: number, line: string, length: number, ...more: string[]) =>
  [
    `${line} HTTP/1.1`,
    `Host: localhost:${port}`,
    `Origin: http://localhost:${port}`,
    `Content-Length: ${length}`,
    ...more,
    '',
    '',
  ].join('\r\n')

/** Sixty pictures of which 9 of 10 MB come. */
const uploads: Attack = async target => () => {
  const more = ['Content-Type: image/png', `Authorization: Bearer ${target.mallory}`]
  const line = head(target.port, 'PUT /api/me/avatar', 10 * 1024 * 1024, ...more)
  return stalled(target, 60, line, Buffer.alloc(9 * 1024 * 1024))
}

/** Fifteen hundred sign-ins of which all but the last byte comes. */
const signIns: Attack = async target => () => {
  const length = 128 * 1024
  const line = head(target.port, 'POST /api/sign-in', length, 'Content-Type: application/json')
  return stalled(target, 1_500, line, Buffer.alloc(length - 1, 0x20))
}

/** Direct rooms with the victim and two more, as many as the victim may be in; then whether the victim can still make a room. */
const directs: Attack = async target => {
  const answer = await call(target, target.mallory, 'GET', '/api/users')
  const { users } = (await answer.json()) as { users: { id: string }[] }
  const me = ((await (await call(target, target.mallory, 'GET', '/api/me')).json()) as { me: { id: string } })
    .me.id
  const victim = (
    (await (await call(target, target.victim, 'GET', '/api/me')).json()) as { me: { id: string } }
  ).me.id
  const others = users.map(({ id }) => id).filter(id => id !== me && id !== victim)
  return async () => {
    let made = 0
    let refused = 0
    const until = performance.now() + target.seconds * 1_000
    for (const [n, one] of others.entries())
      for (const other of others.slice(n + 1)) {
        if (made === 998 || performance.now() > until) continue
        const { status } = await call(target, target.mallory, 'PUT', '/api/direct', {
          users: [victim, one, other],
        })
        if (status === 200) made++
        else {
          refused++
          await pause(50)
        }
      }
    const room = { id: newId(), kind: 'public', name: `Mine ${made}` }
    const victimsRoom = (await call(target, target.victim, 'POST', '/api/rooms', room)).status
    return { made, refused, victimsRoom }
  }
}

export const attacks: Readonly<Record<string, Attack>> = {
  reads,
  uploads,
  'sign-ins': signIns,
  directs,
  fields,
  'sign-in-fields': signInFields,
  hellos,
}
