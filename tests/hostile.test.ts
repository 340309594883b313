import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { attacker } from '../bench/load/attacker.ts'
import { confabServer, generalRoom } from '../bench/load/confab.ts'
import { Others } from '../bench/load/others.ts'
import { stop } from '../bench/load/process.ts'
import { limits } from '../contract/limits.ts'

/** So long others talk, and an attack that does not end by itself lasts. */
const seconds = 3
/** An attack that the server ends may last so long: its patience with what stalls, and time to spare on a busy machine. */
const mostSeconds = 60

type Came = Readonly<Record<string, number>>

/** What has become of each attack, beside others being served. */
const attacks: Readonly<Record<string, { readonly seconds: number; check(came: Came): void }>> = {
  reads: {
    seconds,
    check({ asked = 0, answered = 0, refused = 0, seconds: took = 0 }) {
      const pages = (limits.readBurstBytes + took * limits.readBytesASecond) / limits.historyBytes
      // Two of a person's reads run at once, which may be owed when the budget is spent.
      assert.ok(answered <= pages + 2, `${answered} pages in ${took} s`)
      assert.ok(refused > answered, `${refused} of ${asked} refused`)
    },
  },
  uploads: {
    seconds: mostSeconds,
    check: ({ stalled, endedByServer }) => assert.equal(endedByServer, stalled),
  },
  'sign-ins': {
    seconds: mostSeconds,
    check: ({ stalled, endedByServer }) => assert.equal(endedByServer, stalled),
  },
  directs: {
    seconds,
    check({ made = 0, refused = 0, victimsRoom }) {
      assert.ok(refused > 0, `${made} direct rooms in ${seconds} s, and none refused`)
      assert.equal(victimsRoom, 200)
    },
  },
}

for (const [name, attack] of Object.entries(attacks))
  test(`an attack by ${name} comes to what it may and no more, and others are served: all that they send is acknowledged, none refused or lost`, async t => {
    const folder = await mkdtemp(join(tmpdir(), 'confab-hostile-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    const { process: server, port, tokens } = await confabServer(folder, 16, { limits: 'on' })
    t.after(() => stop(server))
    const room = await generalRoom(port, tokens[0] as string)
    const [mallory = '', victim = '', ...others] = tokens
    const begin = await attacker(name, { port, mallory, victim, room, seconds: attack.seconds })
    const talk = Others.talk({ port, tokens: others, room, rate: 10, seconds })
    const [served, came] = await Promise.all([talk, begin()])
    const { sent, acknowledged, refused, lost } = served
    assert.deepEqual({ acknowledged, refused, lost }, { acknowledged: sent, refused: 0, lost: 0 })
    attack.check(came as Came)
  })
