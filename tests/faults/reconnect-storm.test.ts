import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import type { LiveClient } from '../../web/sync/client.ts'
import type { OpenRoom } from '../../web/sync/model.ts'
import type { ClientClock, SocketListener, SocketPort } from '../../web/sync/ports.ts'
import type { Person } from '../support/app.ts'
import { password } from '../support/app.ts'
import { nodesOn } from '../support/balanced-nodes.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { redisUrl } from '../support/redis-url.ts'
import { messagesOf, until } from '../sync/compare.ts'
import { Device } from '../sync/device.ts'
import { realSocket, unhurried } from '../sync/real-network.ts'

const people = 30
const tabsEach = 8
const pauseMs = 50
/** For what never comes. */
const patienceMs = 60_000
/** The bound of what a browser waits for when its line breaks, ms: see web/sync/transport/backoff.ts. */
const firstWaitMs = 500

/** What one browser did, as its network saw it. */
class Watched {
  /** How many sockets it opened. */
  sockets = 0
  /** The operations that it asked for, over either transport. */
  readonly asked: string[] = []
  /** How long it chose to wait, ms, each time that its socket was closed. */
  readonly waits: number[] = []
  readonly device: Device
  #isClosing = false

  constructor(url: string, person: Person) {
    this.device = new Device({
      clock: this.#clock(),
      random: Math.random,
      openSocket: listener => this.#open(realSocket(url, person), listener),
      http: {
        base: url,
        headers: person.headers,
        fetch: (address, init) => {
          this.asked.push(`${init?.method} ${new URL(String(address)).pathname}`)
          return fetch(address, init)
        },
      },
    })
  }

  forget(): void {
    this.sockets = 0
    this.asked.length = 0
    this.waits.length = 0
  }

  #clock(): ClientClock {
    return {
      now: unhurried.now,
      after: (ms, then) => {
        if (this.#isClosing) this.waits.push(ms)
        return unhurried.after(ms, then)
      },
    }
  }

  #open(open: (listener: SocketListener) => SocketPort, listener: SocketListener): SocketPort {
    this.sockets++
    const socket = open({
      ...listener,
      closed: (code, reason) => {
        this.#isClosing = true
        listener.closed(code, reason)
        this.#isClosing = false
      },
    })
    return {
      ...socket,
      send: text => {
        const frame = JSON.parse(text) as { t: string; op?: string }
        if (frame.t === 'call' && frame.op) this.asked.push(frame.op)
        socket.send(text)
      },
    }
  }
}

/** One tab, with the room open. */
interface Tab {
  readonly watched: Watched
  readonly client: LiveClient
  readonly open: OpenRoom
}

async function tabsOf(
  cleaning: AsyncDisposableStack,
  url: string,
  all: readonly Person[],
  room: RoomId,
): Promise<Tab[]> {
  const tabs = all.flatMap(person => Array.from({ length: tabsEach }, () => new Watched(url, person)))
  return Promise.all(
    tabs.map(async watched => {
      const client = cleaning.use(await watched.device.tab())
      await client.ready
      const open = cleaning.use(client.open(room))
      return { watched, client, open }
    }),
  )
}

/** Resolves when every tab is online and has the room as far as this. */
async function caughtUp(tabs: readonly Tab[], room: RoomId, seq: number): Promise<void> {
  const isThere = ({ client }: Tab) =>
    client.snapshot().connection.is === 'online' && (client.cursors.get(roomTopic(room)) ?? 0) >= seq
  const came = await Promise.all(
    tabs.map(tab =>
      until(
        listener => tab.client.subscribe(listener),
        () => isThere(tab),
        patienceMs,
      ),
    ),
  )
  assert.ok(came.every(Boolean), `${came.filter(one => !one).length} of ${came.length} did not catch up`)
}

/** Says one thing after the other, until its end, which answers what was said when all of it was taken. */
function talkIn({ client, open }: Tab): Disposable & { end(): Promise<string[]> } {
  const said: string[] = []
  let isOver = false
  const talking = (async () => {
    while (!isOver) {
      said.push(`message ${said.length}`)
      await open.post(said.at(-1) as string)
      // As far as a busy machine keeps up with.
      do await new Promise(resolve => setTimeout(resolve, pauseMs))
      while (!isOver && client.snapshot().unsent > 10)
    }
  })()
  return {
    end: async () => {
      isOver = true
      await talking
      const isSent = () => client.snapshot().unsent === 0
      assert.ok(await until(listener => client.subscribe(listener), isSent, patienceMs), 'not all was taken')
      return said
    },
    [Symbol.dispose]: () => {
      isOver = true
    },
  }
}

/** What is asked over HTTP: once more where it went to the killed node, over a line that was kept. */
async function reached(ask: () => Promise<Response>): Promise<Response> {
  for (;;)
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
}

const signIn = (url: string, username: string): Promise<Response> =>
  fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })

test(`[F1] [F2] of two nodes each is killed in turn: ${people * tabsEach} browsers come back each at a time of its own, read nothing anew, and nobody is locked out`, async t => {
  await using cleaning = new AsyncDisposableStack()
  const database = cleaning.use(await temporaryDatabase())
  const flags = ['--database-url', database.url, '--redis-url', await redisUrl()]
  // As they are for everybody, but for those who sign up here all at once, and who talks.
  flags.push('--limits', 'on', '--limit-sign-ups', '1000', '--limit-messages', '1000')
  const { url, nodes, server } = await nodesOn(cleaning, 2, flags)
  const owner = await server.setUp('owner')
  const others: Person[] = []
  for (let n = 1; n < people; n++) others.push(await server.signUp(`person${n}`))
  const room = await owner.room('Storm', 'public', others)
  const tabs = await tabsOf(cleaning, url, [owner, ...others], room)
  const history = `/api/rooms/${room}/messages?limit=1`
  const head = async () => {
    const response = await reached(() => owner.fetch(history))
    return ((await response.json()) as { seq: number }).seq
  }
  await caughtUp(tabs, room, await head())
  for (const { watched } of tabs) watched.forget()

  const [speaker, ...quiet] = tabs as [Tab, ...Tab[]]
  const talk = cleaning.use(talkIn(speaker))
  const cut = () => tabs.reduce((sum, { watched }) => sum + watched.waits.length, 0)
  for (const [n, node] of nodes.entries()) {
    const before = cut()
    await node.kill('SIGKILL')
    while (cut() < before + tabs.length / 4) await new Promise(resolve => setTimeout(resolve, 5))
    const response = await reached(() => signIn(url, `person${n + 1}`))
    assert.equal(response.status, 200)
    await caughtUp(tabs, room, await head())
    t.diagnostic(`${cut() - before} were cut`)
    await node.start()
  }
  const said = await talk.end()
  await caughtUp(tabs, room, await head())

  for (const { open } of tabs)
    assert.deepEqual(
      messagesOf(open).map(message => message.text),
      said,
    )
  assert.deepEqual(
    quiet.flatMap(({ watched }) => watched.asked),
    [],
  )
  const waits = tabs.flatMap(({ watched }) => watched.waits.slice(0, 1))
  for (const quarter of [0, 1, 2, 3]) {
    const here = waits.filter(ms => Math.floor((4 * ms) / firstWaitMs) === quarter).length
    assert.ok(
      here >= waits.length / 15,
      `${here} of ${waits.length} in the quarter ${quarter} of their bound`,
    )
  }
})
