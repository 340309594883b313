import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { attacker } from '../bench/load/attacker.ts'
import { confabServer, generalRoom } from '../bench/load/confab.ts'
import { Others } from '../bench/load/others.ts'
import { stop } from '../bench/load/process.ts'

const seconds = 3

for (const attack of ['reads', 'uploads', 'sign-ins'])
  test(`others are served during an attack by ${attack}: all that they send is acknowledged, none refused or lost`, async t => {
    const folder = await mkdtemp(join(tmpdir(), 'confab-hostile-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    const { process: server, port, tokens } = await confabServer(folder, 12, { limits: 'on' })
    t.after(() => stop(server))
    const room = await generalRoom(port, tokens[0] as string)
    const [mallory = '', victim = '', ...others] = tokens
    const begin = await attacker(attack, { port, mallory, victim, room, seconds })
    const talk = Others.talk({ port, tokens: others, room, rate: 10, seconds })
    const [served] = await Promise.all([talk, begin()])
    const { sent, acknowledged, refused, lost } = served
    assert.deepEqual({ acknowledged, refused, lost }, { acknowledged: sent, refused: 0, lost: 0 })
  })
