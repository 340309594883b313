import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { newId, roomTopic } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { Unavailable } from '../../server/core/ports/failures.ts'
import { Cast } from '../support/store-cast.ts'
import { mount, unmount } from '../support/store-disk.ts'
import { openTemporarySqlite, temporaryFolder } from '../support/store-sqlite.ts'

const open = (directory: string) => openSqliteStore({ directory, clock: systemClock })

/** The failpoints of a folder: a file named as one says what happens there. */
const failpointsIn = (folder: string): string =>
  `${pathToFileURL(join(import.meta.dirname, '../support/store-failpoints.ts')).href}?folder=${encodeURIComponent(folder)}`

test('when a commit fails, all of it is Unavailable, nothing of it is done, and later ones are, without opening again', async () => {
  await using folder = await temporaryFolder()
  await using opened = await openTemporarySqlite({ failpoints: failpointsIn(folder.path) })
  const cast = new Cast(() => opened.store)
  const alice = await cast.user('alice')
  const room = await cast.room('Tea', [alice])
  for (const [code, full] of [
    ['SQLITE_FULL', true],
    ['SQLITE_IOERR_FSYNC', false],
  ] as const) {
    await writeFile(join(folder.path, 'before-commit'), code)
    const failed = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => cast.do(cast.posting(room, alice, `${n}`))),
    )
    for (const one of failed) {
      assert.ok(one.status === 'rejected' && one.reason instanceof Unavailable, code)
      assert.equal(one.reason.full, full)
    }
    await rm(join(folder.path, 'before-commit'))
  }
  assert.equal((await opened.store.history(room, { limit: 9 })).messages.length, 0, 'reading goes on')
  assert.equal((await cast.post(room, alice, 'after')).seq, 3)
})

test('when the writing thread dies, what it had is Unavailable, a retry by id is one message, and another thread goes on', async () => {
  await using folder = await temporaryFolder()
  await using opened = await openTemporarySqlite({ failpoints: failpointsIn(folder.path) })
  const cast = new Cast(() => opened.store)
  const alice = await cast.user('alice')
  const room = await cast.room('Tea', [alice])
  for (const at of ['before-commit', 'after-commit-before-reply']) {
    const post = cast.posting(room, alice, at)
    await writeFile(join(folder.path, at), 'die')
    await assert.rejects(cast.do(post), Unavailable)
    await rm(join(folder.path, at))
    const retried = await cast.try(post)
    assert.equal(retried.is, at === 'before-commit' ? 'done' : 'already')
  }
  const { messages } = await opened.store.history(room, { limit: 9 })
  assert.deepEqual(
    messages.map(({ text, seq }) => [text, seq]),
    [
      ['before-commit', 3],
      ['after-commit-before-reply', 4],
    ],
  )
})

test('after closing, reading and writing are Unavailable', async () => {
  await using folder = await temporaryFolder()
  const store = await open(folder.path)
  await store[Symbol.asyncDispose]()
  await assert.rejects(store.workspace(), Unavailable)
  await assert.rejects(store.commit({ guards: [], appends: [], rows: [] }), Unavailable)
  await store[Symbol.asyncDispose]()
})

test('on a full disk a write is Unavailable and says so, reading goes on, and writing does once there is room', async t => {
  await using folder = await temporaryFolder()
  const disk = join(folder.path, 'disk')
  await mkdir(disk)
  const refusal = mount(disk, '3m')
  if (refusal) {
    t.skip(refusal)
    return
  }
  try {
    const store = await open(join(disk, 'data'))
    try {
      const cast = new Cast(() => store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      const kept = await cast.post(room, alice, 'kept')
      await writeFile(join(disk, 'filler'), Buffer.alloc(8_000_000)).catch(() => {})
      const big = Array.from({ length: 200 }, () =>
        cast.at(roomTopic(room), {
          e: 'message.posted',
          by: alice.id,
          id: newId(),
          text: 'x'.repeat(10_000),
        }),
      )
      await assert.rejects(
        cast.do({ appends: big }),
        (error: unknown) => error instanceof Unavailable && error.full,
      )
      assert.equal((await store.message(kept.id))?.message.text, 'kept')
      assert.deepEqual(
        await store.heads([roomTopic(room)]),
        new Map([[roomTopic(room), { start: 1, head: 3 }]]),
      )
      await rm(join(disk, 'filler'))
      assert.equal((await cast.post(room, alice, 'room again')).seq, 4)
    } finally {
      await store[Symbol.asyncDispose]()
    }
  } finally {
    unmount(disk)
  }
})
