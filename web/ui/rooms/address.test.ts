import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Room } from '../../../contract/entities.ts'
import type { RoomId } from '../../../contract/ids.ts'
import { findRoom, messagePath, roomPath } from './address.ts'

const room = (id: string, name: string, kind: Room['kind'] = 'public', createdAt = 1): Room => ({
  id: id as RoomId,
  kind,
  name,
  topic: '',
  archived: false,
  everyone: false,
  createdAt,
  last: null,
})
const all = (...rooms: Room[]) => new Map(rooms.map(one => [one.id, one]))

test('alice goes to a public room by its name, in any case and with any mark between its words', () => {
  const rides = room('1', 'Saturday Rides!')
  const rooms = all(rides, room('2', 'General'))
  assert.equal(roomPath(rides, rooms), '/rooms/saturday-rides')
  for (const named of ['saturday-rides', 'Saturday Rides', 'SATURDAY_RIDES']) {
    assert.equal(findRoom(named, rooms)?.id, '1')
  }
  assert.equal(findRoom('1', rooms)?.id, '1')
})

test('a name in another script stands in an address and is found again', () => {
  const tea = room('1', 'お茶 の部屋')
  const path = roomPath(tea, all(tea))
  assert.equal(findRoom(decodeURIComponent(path.slice('/rooms/'.length)), all(tea))?.id, '1')
})

test('a private or direct room is named by its id alone', () => {
  const rooms = all(room('1', 'Committee', 'private'), room('2', '', 'direct'))
  assert.equal(roomPath(room('1', 'Committee', 'private'), rooms), '/rooms/1')
  assert.equal(findRoom('committee', rooms), null)
  assert.equal(findRoom('', rooms), null)
})

test('of two names with one address the older room has it, whatever their order', () => {
  const [older, younger] = [room('2', 'a b'), room('1', 'a-b', 'public', 2)]
  for (const rooms of [all(older, younger), all(younger, older)]) {
    assert.equal(roomPath(older, rooms), '/rooms/a-b')
    assert.equal(roomPath(younger, rooms), '/rooms/1')
    assert.equal(findRoom('a-b', rooms)?.id, '2')
  }
})

test('a room whose name has no letter is named by its id', () => {
  const odd = room('1', '!!!')
  assert.equal(roomPath(odd, all(odd)), '/rooms/1')
  assert.equal(messagePath(odd, all(odd), 'm'), '/rooms/1/m')
})
