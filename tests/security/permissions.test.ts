import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Topic } from '../../contract/ids.ts'
import { roomTopic, userTopic } from '../../contract/ids.ts'
import type { OperationName } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import type { Head } from '../../server/core/ports/store.ts'
import { TestCore } from '../support/core.ts'
import type { Role, Stage } from './cast.ts'
import { Cast, roles } from './cast.ts'
import type { Row } from './permissions.ts'
import { permissions } from './permissions.ts'

let chat: TestCore
let cast: Cast

before(async () => {
  chat = await TestCore.open()
  cast = new Cast(chat, await chat.setUp())
})
after(() => chat[Symbol.asyncDispose]())

/** What the role is to be answered: who is deactivated, or nobody, is refused before anything is looked at, where the table asks for somebody. */
function expected(op: OperationName, row: Row, role: Role): string {
  const at = (
    ['owner', 'administrator', 'manager', 'member', 'former', 'outsider', 'script'] as const
  ).indexOf(role as 'owner')
  if (at >= 0) return row.expects[at] ?? 'missing'
  if (operations[op].who === 'anyone') return row.expects[5]
  return 'signed_out'
}

/** The heads of the logs that the call could move. */
async function heads(stage: Stage): Promise<ReadonlyMap<Topic, Head>> {
  const people = [stage.other, stage.stranger, ...(stage.actor.identity ? [stage.actor.id] : [])]
  return chat.store.heads(['workspace', roomTopic(stage.room), ...people.map(userTopic)])
}

/** What the actor did in the workspace's log since; others act at the same time. */
async function toldSince(was: ReadonlyMap<Topic, Head>, stage: Stage): Promise<string[]> {
  const { bodies } = await chat.store.events('workspace', was.get('workspace')?.head ?? 0, {
    events: 1_000,
    bytes: 1e7,
  })
  return stage.actor.identity ? bodies.filter(body => JSON.parse(body).by === stage.actor.id) : []
}

async function assertUntouched(was: ReadonlyMap<Topic, Head>, stage: Stage): Promise<void> {
  assert.deepEqual(await toldSince(was, stage), [])
  const now = await heads(stage)
  for (const [topic, head] of was) if (topic !== 'workspace') assert.deepEqual(now.get(topic), head, topic)
}

async function tryIt(op: OperationName, row: Row, role: Role): Promise<void> {
  const stage = await cast.stage(role, row.kind)
  const input = await row.input(stage, cast)
  const was = await heads(stage)
  const answer = await stage.actor.ask(op, input, row.bytes ? { bytes: row.bytes } : {})
  const code = 'error' in answer ? answer.error.code : 'ok'
  assert.equal(code, expected(op, row, role), JSON.stringify(answer))
  if (code === 'ok') return
  await assertUntouched(was, stage)
  if (code === 'not_found' && row.absent)
    assert.deepEqual(await stage.actor.ask(op, row.absent(stage)), answer, 'absent and hidden are told apart')
}

test('[A1] every operation has its rows', () => {
  assert.deepEqual(Object.keys(permissions).sort(), Object.keys(operations).sort())
  for (const [op, rows] of Object.entries(permissions)) assert.ok(rows.length > 0, op)
})

for (const op of Object.keys(operations) as OperationName[]) {
  describe(`[A1] [A2] [A3] ${op}`, { concurrency: 8 }, () => {
    for (const row of permissions[op] as readonly Row[])
      for (const role of roles)
        test(`on ${row.on} by ${role} is answered ${expected(op, row, role)}`, () => tryIt(op, row, role))
  })
}
