import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserId } from '../../../contract/ids.ts'
import { ByPerson } from './by-person.ts'

test('what is asked of one person looks at nothing of the others', () => {
  const looked = { at: 0 }
  const one = (user: string) => ({
    get user() {
      looked.at++
      return user as UserId
    },
  })
  const things = new ByPerson<{ readonly user: UserId }>()
  const all = Array.from({ length: 1_000 }, (_, n) => one(`person ${n}`))
  for (const thing of all) things.add(thing)
  const [hers, more] = [one('alice'), one('alice')]
  things.add(hers)
  things.add(more)
  looked.at = 0
  assert.deepEqual(things.of('alice' as UserId), new Set([hers, more]))
  assert.equal(looked.at, 0)
  assert.ok(things.remove(hers))
  assert.ok(!things.remove(hers))
  assert.equal(looked.at, 2)
  assert.deepEqual([things.size, things.all().length, things.of('alice' as UserId).size], [1_001, 1_001, 1])
  assert.ok(things.remove(more))
  assert.equal(things.of('alice' as UserId).size, 0)
})
