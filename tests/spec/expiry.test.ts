import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TokenId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Person } from '../support/app.ts'
import { HandClock } from '../support/hand-clock.ts'
import { Nodes } from '../support/nodes.ts'
import { TestSocket } from '../support/socket.ts'
import { within } from '../support/within.ts'

/** A clock of which the test turns on the time of day alone: timers go by the other. */
class TwoClocks extends HandClock {
  later = 0
  override now = (): number => this.monotonic() + this.later
}

/** Lets the nodes do what is due within so much time, in steps shorter than any of their rounds. */
async function turn(clock: HandClock, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    clock.turn(50)
    for (let n = 0; n < 5; n++) await new Promise(resolve => setImmediate(resolve))
  }
}

async function twoNodes() {
  const clock = new TwoClocks()
  const nodes = await Nodes.open(2, { clock })
  const alice = await nodes.first.setUp('alice')
  await turn(clock, 1_000)
  return { clock, nodes, alice, [Symbol.asyncDispose]: () => nodes[Symbol.asyncDispose]() }
}

/** A socket on each node, by the cookie or by a token. */
const sockets = (nodes: Nodes, person: Person) =>
  Promise.all([
    TestSocket.of(nodes.first, person),
    TestSocket.of(nodes.second, nodes.at(nodes.second, person)),
  ])

/** What these are closed with, now that the nodes have done what was due. */
const codes = (of: readonly TestSocket[]) =>
  within(2_000, 'the end of sockets', Promise.all(of.map(({ closed }) => closed)))

/** Somebody calls, which is written down after the answer. */
async function uses(
  { clock, nodes }: { clock: HandClock; nodes: Nodes },
  person: Person,
  socket: TestSocket,
): Promise<void> {
  await socket.call('me.get', {})
  const seen = async () =>
    (await nodes.store.sessions(person.id)).some(({ seenAt }) => seenAt === clock.now())
  while (!(await seen())) await new Promise(resolve => setImmediate(resolve))
}

const isClosed = ({ raw }: TestSocket) => raw.readyState !== raw.OPEN

test('[F4] the sockets of a token that runs out are closed within a second, on every node', async () => {
  await using s = await twoNodes()
  const { clock, nodes, alice } = s
  const id = newId<TokenId>()
  const { token } = await alice.call('tokens.create', { id, name: 'short', expires: clock.now() + 30_000 })
  assert.ok(token)
  using first = await TestSocket.in(nodes.first.url, { bearer: token })
  using second = await TestSocket.in(nodes.second.url, { bearer: token })
  using own = await TestSocket.of(nodes.first, alice)
  clock.later += 29_000
  await turn(clock, 900)
  await first.settled()
  await second.settled()
  await turn(clock, 1_000)
  assert.deepEqual(await codes([first, second]), [4001, 4001])
  await own.settled()
})

test('[F4] a session that was idle for 30 days ends on its open sockets too; one that is used goes on, for 180 days', async () => {
  await using s = await twoNodes()
  const { clock, nodes, alice } = s
  const bob = await nodes.first.signUp('bob')
  const [idle, used] = [await sockets(nodes, alice), await sockets(nodes, bob)]
  const begun = clock.now()
  clock.later += limits.sessionIdleMs - 10_000
  await turn(clock, 1_000)
  assert.ok(![...idle, ...used].some(isClosed))
  await uses(s, bob, used[0])
  clock.later += 9_000
  await turn(clock, 1_000)
  assert.deepEqual(await codes(idle), [4001, 4001])
  for (const socket of used) await socket.settled()
  while (clock.now() < begun + limits.sessionMaxMs - limits.sessionIdleMs) {
    clock.later += limits.sessionIdleMs - 60_000
    await uses(s, bob, used[0])
    await turn(clock, 300)
    for (const socket of used) await socket.settled()
  }
  clock.later += begun + limits.sessionMaxMs - clock.now()
  await turn(clock, 1_000)
  assert.deepEqual(await codes(used), [4001, 4001])
})
