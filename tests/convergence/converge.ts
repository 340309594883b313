import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { Message } from '../../contract/entities.ts'
import type { RoomId } from '../../contract/ids.ts'
import type { SocketListener, SocketPort } from '../../web/sync/ports.ts'
import { memoryStorage } from '../../web/sync/storage/memory.ts'
import type { Storage } from '../../web/sync/storage/storage.ts'
import type { Person, TestServer } from '../support/app.ts'
import { randomFrom } from '../support/random.ts'
import { agrees, history, messagesOf, patience, until } from '../sync/compare.ts'
import { Device } from '../sync/device.ts'
import { hasty, realSocket } from '../sync/real-network.ts'
import { Adversary } from './adversary.ts'
import { Player } from './player.ts'

/** The next turn of the event loop: what arrived meanwhile is taken. */
const turn = () => new Promise<void>(resolve => setImmediate(resolve))

/** A client does not hold what the server holds. */
export class Diverged extends Error {}

/** A fault that is put in on purpose: the trial has to see it. */
export interface Plant {
  readonly received?: (text: string) => string
  readonly storage?: (storage: Storage) => Storage
}

export interface Trial {
  readonly steps: number
  readonly plant?: Plant
  readonly patienceMs?: number
}

/**
 * Two to five clients do what comes to their minds, on lines that are cut, late and half flushed. Then the network is well, and each
 * client must hold what the server holds: the state of a fresh bootstrap, and the messages of the history.
 */
export async function converge(
  seed: number,
  server: TestServer,
  people: readonly Person[],
  { steps, plant = {}, patienceMs = patience }: Trial,
): Promise<void> {
  const random = randomFrom(seed)
  const adversary = new Adversary(random)
  const rooms = await makeRooms(seed, people)
  const players = people.slice(0, 2 + Math.floor(random() * (people.length - 1))).map(person => {
    const openSocket = adversary.between(planted(plant, realSocket(server.url, person)))
    const http = { base: server.url, headers: person.headers, fetch: adversary.fetch }
    const storage = plant.storage?.(memoryStorage()) ?? memoryStorage()
    return new Player(person, new Device({ clock: hasty, random, openSocket, http }, storage), random)
  })
  try {
    await letGoOn(adversary, Promise.all(players.map(player => player.start(rooms))))
    for (let step = 0; step < steps; step++) {
      const player = players[Math.floor(random() * players.length)] as Player
      if (random() < 0.02) await letGoOn(adversary, player.reload())
      else if (random() < 0.4) player.act(rooms, players)
      adversary.step()
      await turn()
    }
    adversary.release()
    for (const player of players) await player.over()
    for (const player of players)
      await holdsAll(player, rooms, patienceMs).catch((cause: Error) => {
        throw new Diverged(`${player.person.name} holds something else than the server: ${cause.message}`, {
          cause,
        })
      })
  } finally {
    adversary.release()
    for (const player of players) await player.client[Symbol.asyncDispose]()
  }
}

/** The sockets that `open` opens, with the fault in them. */
const planted =
  (plant: Plant, open: (listener: SocketListener) => SocketPort) => (listener: SocketListener) =>
    open({ ...listener, received: text => listener.received(plant.received?.(text) ?? text) })

/** Something whose end the test waits for, while the network is as bad as ever. */
async function letGoOn(adversary: Adversary, work: Promise<unknown>): Promise<void> {
  let isOver = false
  const over = work.finally(() => {
    isOver = true
  })
  while (!isOver) {
    adversary.step()
    await turn()
  }
  await over
}

let trials = 0

async function makeRooms(seed: number, people: readonly Person[]): Promise<RoomId[]> {
  const [alice, ...others] = people
  const name = `${seed}, ${++trials}`
  assert.ok(alice)
  return Promise.all([
    alice.room(`Seed ${name} a`, 'public', others),
    alice.room(`Seed ${name} b`, 'private', others.slice(0, 2)),
    alice.room(`Seed ${name} c`, 'public'),
  ])
}

async function holdsAll(player: Player, rooms: readonly RoomId[], patienceMs: number): Promise<void> {
  await agrees(player.client, player.person, patienceMs)
  for (const room of rooms) {
    // Who is not in a room hears nothing of it: what they see is as old as their looking.
    if (!player.client.snapshot().memberships.has(room)) continue
    const all = await history(player.person, room)
    await holdsHistory(player, room, all, patienceMs)
    holdsPosts(player, room, all)
  }
}

/** What was posted stands once and in order, but for what was refused, and what its author deleted. */
function holdsPosts(
  { person, posted, refused, deleted }: Player,
  room: RoomId,
  all: readonly Message[],
): void {
  const stands = all.filter(({ author, id }) => author === person.id && !deleted.has(id)).map(({ id }) => id)
  const wanted = posted.filter(post => post.room === room && !refused.has(post.id) && !deleted.has(post.id))
  assert.deepEqual(
    stands,
    wanted.map(post => post.id),
  )
}

/** What is loaded of an open room is a run of its history without a gap, up to its end where nothing newer is said to be there. */
async function holdsHistory(
  player: Player,
  room: RoomId,
  all: readonly Message[],
  patienceMs: number,
): Promise<void> {
  const open = player.open.get(room)
  assert.ok(open)
  const expected = () => {
    const { before, after } = open.snapshot()
    const shown = messagesOf(open)
    const from = before ? (shown[0]?.seq ?? 0) : 0
    const to = after ? (shown.at(-1)?.seq ?? 0) : Number.POSITIVE_INFINITY
    return all.filter(message => message.seq >= from && message.seq <= to)
  }
  const isWhole = () => open.snapshot().status === 'ready' && isDeepStrictEqual(messagesOf(open), expected())
  await until(listener => open.subscribe(listener), isWhole, patienceMs)
  assert.equal(open.snapshot().status, 'ready')
  assert.deepEqual(messagesOf(open), expected())
}
