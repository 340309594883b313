import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { OutboxRow } from '../../web/sync/outbox/queued.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import type { Plant } from './converge.ts'
import { converge, Diverged } from './converge.ts'

let server: TestServer
let people: Person[]

before(async () => {
  const owned = await TestServer.owned()
  server = owned.server
  people = [owned.owner]
  for (const name of ['bob', 'carol']) people.push(await server.signUp(name))
})
after(() => server[Symbol.asyncDispose]())

/** What is said of a topic in a frame, said a little differently. */
function changed(text: string, change: (frame: Record<string, unknown>) => void): string {
  const frame = JSON.parse(text)
  change(frame)
  return JSON.stringify(frame)
}

/** A row that is to be sent before those that it was added after. */
const reversed = (row: OutboxRow): OutboxRow => ({ ...row, order: -row.order })

let toDo = 0
/** Some of what there is to spoil: not the first, which the start would mend. */
const now = () => ++toDo % 7 === 0

/** Faults, each of which the trial must see. */
const plants: Record<string, Plant> = {
  'an event is left out of a frame that looks whole': {
    received: text =>
      text.startsWith('{"t":"events","topic":"room:') && now()
        ? changed(text, frame => {
            const [first, ...rest] = frame.events as { e: string }[]
            frame.events = [{ ...first, e: 'nothing' }, ...rest]
          })
        : text,
  },
  'an event comes twice, under two seqs': {
    received: text =>
      text.startsWith('{"t":"events"') && now()
        ? changed(text, frame => {
            const events = frame.events as unknown[]
            frame.events = [events[0], ...events]
          })
        : text,
  },
  'an answer claims to be newer than it is': {
    received: text =>
      text.startsWith('{"t":"reply"') && text.includes('"messages":[')
        ? changed(text, frame => {
            const ok = frame.ok as { seq: number; messages: unknown[] }
            ok.seq += 3
          })
        : text,
  },
  'a message is taken for stored that is not': {
    storage: storage => ({
      ...storage,
      addRow: async (user, key, call) =>
        now() ? { ...call, key, order: 0, failed: null } : storage.addRow(user, key, call),
    }),
  },
  'messages are sent in the wrong order': {
    storage: storage => ({
      ...storage,
      rows: async user => (await storage.rows(user)).map(reversed),
      addRow: async (...of) => reversed(await storage.addRow(...of)),
    }),
  },
}

/** A fault that needs luck shows in every other trial, so that so many miss it once in 10^12; those that see nothing are over soon. */
const trials = 40

for (const [fault, plant] of Object.entries(plants))
  test(`[F2] [C3] the trial of convergence sees it when ${fault}`, async () => {
    const seen = async () => {
      for (let seed = 1; seed <= trials; seed++)
        await converge(1_000 + seed, server, people, { steps: 250, plant, patienceMs: 3_000 })
    }
    await assert.rejects(seen(), Diverged)
  })
