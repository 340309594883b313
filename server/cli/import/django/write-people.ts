import type { AvatarId, RoomId } from '../../../../contract/ids.ts'
import type { Append, RowWrite } from '../../../core/log/change.ts'
import { change } from '../../../core/log/write.ts'
import { tooManyPixels } from '../../../core/operations/users/avatars.ts'
import { asEverybodySees, emailChange, joins } from '../../../core/operations/users/model.ts'
import { idOf } from './identity.ts'
import type { ImportCounts, Means } from './means.ts'
import { batches } from './means.ts'
import { notAPicture } from './media.ts'
import type { Comer } from './people.ts'
import type { Plan } from './plan.ts'
import { quoted } from './texts.ts'

const peopleAtOnce = 50
const namesAtOnce = 500

/** Writes everybody who did not come with an earlier run, each with their picture. */
export async function writePeople(plan: Plan, means: Means, written: ImportCounts): Promise<void> {
  const coming = plan.people.list.filter(comer => !comer.here)
  const planned = new Set(plan.rooms.list.map(room => room.id))
  const rooms = (await means.target.roomsForEveryone()).filter(room => !planned.has(room))
  for (const batch of batches(coming, peopleAtOnce)) {
    const appends: Append[] = []
    const rows: RowWrite[] = []
    for (const comer of batch) {
      const one = await arriving(plan, comer, rooms, means)
      appends.push(...one.appends)
      rows.push(...one.rows)
      count(comer, one.pictured, written)
    }
    await means.target.commit(change({ appends, rows }))
  }
  for (const batch of batches([...plan.people.names], namesAtOnce))
    await means.target.commit(
      change({ rows: batch.map(([key, id]) => ({ row: 'imported', source: plan.identity, key, id })) }),
    )
}

function count({ user }: Comer, pictured: boolean, written: ImportCounts): void {
  if (user.state === 'placeholder') written.placeholders++
  else written.users++
  if (pictured) written.pictures++
}

/** `rooms`: the workspace's own rooms for everyone, where it has them already. */
async function arriving(
  plan: Plan,
  { key, user: plain, hash, picture }: Comer,
  rooms: readonly RoomId[],
  means: Means,
) {
  const rows: RowWrite[] = [{ row: 'imported', source: plan.identity, key, id: plain.id }]
  if (hash !== null) rows.push({ row: 'credential', user: plain.id, hash })
  const sizes = picture === null ? null : await keepPicture(plan, plain.username, picture, means)
  const avatar = sizes && idOf<AvatarId>(plan.identity, `avatar:${key}`)
  if (avatar) rows.push({ row: 'avatar', avatar: { id: avatar, user: plain.id, sizes } })
  const user = { ...plain, avatar }
  const stamp = { by: user.id, at: user.createdAt }
  const joined = user.state === 'active' ? rooms : []
  const appends: Append[] = [
    { topic: 'workspace', event: { e: 'user.added', ...stamp, user: asEverybodySees(user) } },
    ...emailChange(user, '', stamp),
    ...joined.flatMap(room => joins(room, user.id, 'member', { by: user.id, at: plan.now })),
  ]
  return { appends, rows, pictured: avatar !== null }
}

/** The content hashes of the picture's sizes; `null`, and the operator is told why, where it does not come. */
async function keepPicture(
  plan: Plan,
  username: string,
  path: string,
  { media, pictures, target }: Means,
): Promise<Record<number, string> | null> {
  if (!media) return null
  const tell = (why: string) => plan.notices.tell('picture', `${quoted(path)} of ${username} ${why}.`)
  const file = media.picture(path)
  if ('not' in file) {
    tell(file.not)
    return null
  }
  const picture = await pictures.square(file.bytes, username)
  if (picture.is !== 'done') {
    tell(picture.is === 'too_many_pixels' ? tooManyPixels(picture) : notAPicture)
    return null
  }
  const sizes: Record<number, string> = {}
  for (const [side, bytes] of Object.entries(picture.sizes))
    sizes[Number(side)] = await target.keepFile(bytes)
  return sizes
}
