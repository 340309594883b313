import { steps } from '../../server/adapters/store/sql/schema.ts'
import { apartStep } from '../../server/adapters/store/sql/schema-looks.ts'
import type { SchemaStep } from '../../server/adapters/store/sql/schema-step.ts'

/** The schema as it was before names had skeletons. */
export const beforeSkeletons: readonly SchemaStep[] = steps.slice(
  0,
  steps.findIndex(({ tables }) => tables.includes('skeleton')),
)

const user = (id: string, name: string, at: number) =>
  `INSERT INTO users (id, username, folded, display_name, first_name, last_name, status, role, state, created_at, email, profile_seq, email_seq)
   VALUES ('${id}', '${name}', '${name}', '', '', '', '', 'member', 'active', ${at}, '', 0, 0);`

const room = (id: string, kind: string, name: string, slug: string, at: number) =>
  `INSERT INTO rooms (id, kind, name, folded, slug, topic, archived, everyone, created_at, members, deleted_seq, deleted_at, changed_seq, listed_seq)
   VALUES ('${id}', '${kind}', '${name}', '${name}', '${slug}', '', 0, 0, ${at}, 0, 0, 0, 0, 0);`

/** Rows of then: names that look the same among them, the older one first or not. */
export const rowsOfThen = [
  user('u1', '\u0430lice', 2),
  user('u2', 'alice', 1),
  user('u3', 'bob', 3),
  user('u4', '\u200b', 4),
  user('u5', '\u0410LICE', 5),
  user('u6', 'paypal', 7),
  user('u7', 'paypa\u04cf', 6),
  room('r1', 'public', 'tea', 'tea', 1),
  room('r2', 'public', 't\u0435a', 't\u0435a', 2),
  room('r3', 'private', 'te\u0430', 'te\u0430', 3),
  room('r4', 'direct', '', '', 4),
  room('r5', 'public', '\u200b', '\u200b', 5),
  room('r6', 'private', '\u2060', '\u2060', 6),
].join('\n')

export const skeletons = `SELECT id, skeleton, lower_skeleton FROM users UNION ALL SELECT id, skeleton, lower_skeleton FROM rooms ORDER BY id`

/** Whoever was first has the look; whoever was not keeps the name without it, and so does a name of which nothing is drawn. */
export const skeletonsThen = [
  { id: 'r1', skeleton: 'tea', lower_skeleton: 'tea' },
  { id: 'r2', skeleton: null, lower_skeleton: null },
  { id: 'r3', skeleton: 'tea', lower_skeleton: 'tea' },
  { id: 'r4', skeleton: null, lower_skeleton: null },
  { id: 'r5', skeleton: null, lower_skeleton: null },
  { id: 'r6', skeleton: null, lower_skeleton: null },
  { id: 'u1', skeleton: null, lower_skeleton: null },
  { id: 'u2', skeleton: 'alice', lower_skeleton: 'alice' },
  { id: 'u3', skeleton: 'bob', lower_skeleton: 'bob' },
  { id: 'u4', skeleton: null, lower_skeleton: null },
  { id: 'u5', skeleton: 'allce', lower_skeleton: null },
  { id: 'u6', skeleton: null, lower_skeleton: null },
  { id: 'u7', skeleton: 'paypal', lower_skeleton: 'paypal' },
]

/** The schema as it was when letters that readers of a script tell apart were one. */
export const beforeApart: readonly SchemaStep[] = steps.slice(0, steps.indexOf(apartStep))

const looked = (table: string, id: string, look: string) =>
  `UPDATE ${table} SET skeleton = '${look}', lower_skeleton = '${look}' WHERE id = '${id}';`

/** Rows of then: names that were one, of which the later ones went without a skeleton, as does the later one of two that still are one. */
export const rowsTakenForOne = [
  user('u1', 'corn', 1),
  user('u2', 'com', 2),
  user('u3', 'c\u043em', 3),
  looked('users', 'u1', 'corn'),
  room('r1', 'public', 'burn', 'burn', 1),
  room('r2', 'public', 'bum', 'bum', 2),
  room('r3', 'private', 'bum', 'bum', 3),
  looked('rooms', 'r1', 'burn'),
  looked('rooms', 'r3', 'burn'),
].join('\n')

export const skeletonsApart = [
  { id: 'r1', skeleton: 'burn', lower_skeleton: 'burn' },
  { id: 'r2', skeleton: 'bum', lower_skeleton: 'bum' },
  { id: 'r3', skeleton: 'bum', lower_skeleton: 'bum' },
  { id: 'u1', skeleton: 'corn', lower_skeleton: 'corn' },
  { id: 'u2', skeleton: 'com', lower_skeleton: 'com' },
  { id: 'u3', skeleton: null, lower_skeleton: null },
]
