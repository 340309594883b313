import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { PeopleFilter } from './people-filter.ts'
import { filterPeople } from './people-filter.ts'

const person = (username: string, more: Partial<User> = {}): User => ({
  id: username as UserId,
  username,
  displayName: '',
  firstName: '',
  lastName: '',
  status: '',
  avatar: null,
  role: 'member',
  state: 'active',
  createdAt: 0,
  ...more,
})

const people = [
  person('alice', { displayName: 'Alice Müller', role: 'owner', email: 'alice@example.org' }),
  person('bob', { firstName: 'Robert', lastName: 'José', state: 'deactivated' }),
  person('carol', { state: 'placeholder' }),
]
const passwordless: ReadonlySet<UserId> = new Set(['bob' as UserId])
const names = (filter: PeopleFilter, text: string) =>
  filterPeople(people, { filter, text, passwordless }).map(user => user.username)

test('alice finds people by any of their names and by e-mail, whatever case and accents they are written in', () => {
  assert.deepEqual(names('all', ''), ['alice', 'bob', 'carol'])
  assert.deepEqual(names('all', 'MULLER'), ['alice'])
  assert.deepEqual(names('all', 'jose rob'), ['bob'])
  assert.deepEqual(names('all', '@example'), ['alice'])
  assert.deepEqual(names('all', 'alice bob'), [])
})

test('alice sees only those she asked for', () => {
  assert.deepEqual(names('admins', ''), ['alice'])
  assert.deepEqual(names('deactivated', ''), ['bob'])
  assert.deepEqual(names('passwordless', ''), ['bob'])
  assert.deepEqual(names('placeholder', 'bob'), [])
})
