import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Room } from '../../../contract/entities.ts'
import type { RoomId } from '../../../contract/ids.ts'
import { findRoom, messagePath, roomIdIn, roomPath } from './address.ts'

const idOf = (n: number) => `00000000-0000-7000-8000-00000000000${n}` as RoomId

const room = (n: number, name: string, kind: Room['kind'] = 'public', createdAt = 1): Room => ({
  id: idOf(n),
  kind,
  name,
  topic: '',
  archived: false,
  everyone: false,
  createdAt,
  last: null,
})
const all = (...rooms: Room[]) => new Map(rooms.map(one => [one.id, one]))
const namedBy = (path: string) => decodeURIComponent(path.slice('/rooms/'.length))

test('the address of a public room holds its id, and its name for who reads it', () => {
  assert.equal(roomPath(room(1, 'Saturday Rides!')), `/rooms/saturday-rides-${idOf(1)}`)
  assert.equal(messagePath(room(1, '!!!'), 'm'), `/rooms/${idOf(1)}/m`)
})

test('the address of a private or direct room tells no name', () => {
  assert.equal(roomPath(room(1, 'Committee', 'private')), `/rooms/${idOf(1)}`)
  assert.equal(roomPath(room(2, '', 'direct')), `/rooms/${idOf(2)}`)
  assert.equal(findRoom('committee', all(room(1, 'Committee', 'private'))), null)
})

test('an address leads to its room whatever either is called by now, and never to another that took the name', () => {
  const old = namedBy(roomPath(room(1, 'General')))
  const rooms = all(room(1, 'Everybody'), room(2, 'General'))
  assert.equal(findRoom(old, rooms)?.id, idOf(1))
  assert.equal(findRoom(old, all(room(2, 'General'))), null)
})

test('a name that somebody types leads to the public room that has it, in any case and with any mark between its words', () => {
  const rooms = all(room(1, 'Saturday Rides!'), room(2, 'お茶 の部屋'))
  for (const named of ['saturday-rides', 'Saturday Rides', 'SATURDAY_RIDES'])
    assert.equal(findRoom(named, rooms)?.id, idOf(1))
  assert.equal(findRoom(namedBy(roomPath(room(2, 'お茶 の部屋'))), rooms)?.id, idOf(2))
  assert.equal(findRoom('お茶 の部屋', rooms)?.id, idOf(2))
  assert.equal(findRoom('', rooms), null)
})

test('of names that differ in their marks the one that is spelled like it is meant, else the oldest', () => {
  const rooms = all(room(1, 'C#', 'public', 2), room(2, 'C++', 'public', 1), room(3, '🎉'))
  assert.equal(findRoom('c#', rooms)?.id, idOf(1))
  assert.equal(findRoom('c', rooms)?.id, idOf(2))
  assert.equal(findRoom('🎉', rooms)?.id, idOf(3))
})

test('an id counts only as a whole, at the end', () => {
  assert.equal(roomIdIn(idOf(1)), idOf(1))
  assert.equal(roomIdIn(`a-b-${idOf(1)}`), idOf(1))
  assert.equal(roomIdIn(`a${idOf(1)}`), null)
  assert.equal(roomIdIn(`${idOf(1)}-a`), null)
})
