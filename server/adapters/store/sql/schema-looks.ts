import { lowerSkeletonOf, skeletonOf } from '../../../text/skeleton.ts'
import type { Fill, SchemaStep } from './schema-step.ts'

/** Both skeletons of each name, worked out anew: whoever had a look keeps it, and whoever has it in common with somebody before them keeps the name without it. */
const fill: readonly Fill[] = [
  {
    read: "SELECT id, username AS name FROM users WHERE username <> '' ORDER BY skeleton IS NULL, created_at, id",
    into: { table: 'users', columns: ['skeleton', 'lower_skeleton'] },
    start: firstOfEach,
  },
  {
    read: "SELECT id, name FROM rooms WHERE name <> '' AND kind = 'public' ORDER BY skeleton IS NULL, created_at, id",
    into: { table: 'rooms', columns: ['skeleton', 'lower_skeleton'] },
    start: firstOfEach,
  },
  {
    read: "SELECT id, name FROM rooms WHERE name <> '' AND kind <> 'public'",
    into: { table: 'rooms', columns: ['skeleton', 'lower_skeleton'] },
    start:
      () =>
      ({ id = '', name = '' }) => [skeletonOf(name) || null, lowerSkeletonOf(name) || null, id],
  },
]

const last = `
CREATE UNIQUE INDEX users_skeleton ON users (skeleton);
CREATE UNIQUE INDEX users_lower_skeleton ON users (lower_skeleton);
CREATE UNIQUE INDEX rooms_skeleton ON rooms (skeleton) WHERE kind = 'public';
CREATE UNIQUE INDEX rooms_lower_skeleton ON rooms (lower_skeleton) WHERE kind = 'public';
`

/** More of what looks the same is known, and each name has a second skeleton, with its capitals as small letters. */
export const looksStep: SchemaStep = {
  tables: `
ALTER TABLE users ADD COLUMN lower_skeleton TEXT;
ALTER TABLE rooms ADD COLUMN lower_skeleton TEXT;
DROP INDEX users_skeleton;
DROP INDEX rooms_skeleton;
`,
  fill,
  last,
}

/** What readers of a script tell apart is no longer one: names that went without a skeleton for that have theirs. */
export const apartStep: SchemaStep = {
  tables: `
DROP INDEX users_skeleton;
DROP INDEX users_lower_skeleton;
DROP INDEX rooms_skeleton;
DROP INDEX rooms_lower_skeleton;
`,
  fill,
  last,
}

function firstOfEach(): ReturnType<Fill['start']> {
  const first = onceEach()
  const firstLower = onceEach()
  return ({ id = '', name = '' }) => [first(skeletonOf(name)), firstLower(lowerSkeletonOf(name)), id]
}

function onceEach(): (look: string) => string | null {
  const seen = new Set<string>()
  return look => {
    if (look === '' || seen.has(look)) return null
    seen.add(look)
    return look
  }
}
