import type { AvatarId, Seq, UserId } from '../../../../contract/ids.ts'
import { newId } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import type { Output } from '../../../../contract/operations.ts'
import { isActive, mayTouch, unchanged } from '../../access.ts'
import type { Answer, Identity, Refusal } from '../../answer.ts'
import { isRefusal, refuse } from '../../answer.ts'
import type { Admitted } from '../../call.ts'
import type { OperationContext } from '../../context.ts'
import { stampOf } from '../../context.ts'
import type { Guard } from '../../log/change.ts'
import { change, write } from '../../log/write.ts'
import type { Picture, TooManyPixels } from '../../ports/pictures.ts'
import { notFound, signedOut } from '../../refusals.ts'
import type { Person } from './model.ts'
import { asEverybodySees, headOfPeople } from './model.ts'

const field = 'picture'
const why = {
  unsupported: refuse('unsupported', 'The picture must be a JPEG, PNG, WebP, AVIF or GIF.', { field }),
  too_large: refuse('too_large', 'The picture may have at most 10 MB.', { field }),
  too_costly: refuse(
    'too_large',
    'The picture takes too much memory to read. Save it anew as a JPEG or PNG of fewer pixels.',
    { field },
  ),
  busy: refuse('rate_limited', 'Too many pictures are being read. Try again in a moment.', {
    field,
    retryAfter: 5,
  }),
  late: refuse('rate_limited', 'Reading other pictures took too long. Nothing was done: try again shortly.', {
    field,
    retryAfter: 20,
  }),
} as const

const million = (pixels: number): string => `${Math.round(pixels / 1e4) / 100} million`

/** A sentence about a picture of more pixels than are decoded of its kind, with both figures. */
export const tooManyPixels = ({ kind, width, height, most }: TooManyPixels): string =>
  `has ${width} x ${height} (${million(width * height)}) pixels; ${kind} may have at most ${million(most)}`

function refusedFor(picture: Exclude<Picture, { is: 'done' }>): Refusal {
  if (picture.is !== 'too_many_pixels') return why[picture.is]
  return refuse('too_large', `The picture ${tooManyPixels(picture)}.`, { field })
}

/** The picture is read before anything is locked: it may take seconds, and it may be hostile. */
export async function setAvatar(
  context: OperationContext,
  { who, bytes = new Uint8Array() }: Admitted<'me.setAvatar'>,
): Promise<Answer<Output<'me.setAvatar'>>> {
  const late = context.rates.picture(who.user)
  if (late) return late
  if (bytes.length > limits.avatarBytes) return why.too_large
  const asker = await context.access.asker(who)
  if (isRefusal(asker)) return asker
  const picture = await context.pictures.square(bytes, who.user)
  if (picture.is !== 'done') return refusedFor(picture)
  // It waited for its turn behind those of others.
  if (!(await context.authentication.isAlive(who))) return signedOut
  const avatar = newId<AvatarId>(context.clock.now())
  return context.fileStore.put(picture.sizes, async sizes => {
    const answer = await show(context, who, { avatar, sizes })
    return isRefusal(answer) ? answer : { ok: { avatar, seq: answer.ok.seq } }
  })
}

export async function removeAvatar(
  context: OperationContext,
  { who }: Admitted<'me.removeAvatar'>,
): Promise<Answer<Output<'me.removeAvatar'>>> {
  const answer = await show(context, who, { avatar: null, sizes: null })
  return isRefusal(answer) ? answer : { ok: {} }
}

/** Somebody else's, for whoever may touch their account. Answers the person without it; `seq` is 0 where there was none. */
export function removeAvatarFrom(
  context: OperationContext,
  who: Identity,
  target: UserId,
): Promise<Answer<Put>> {
  const whose = async () => {
    const person = await context.store.user(target)
    return person && person.state !== 'deleted' ? person : notFound
  }
  return put(context, who, { whose, guards: mayTouch(who.user, target) }, { avatar: null, sizes: null })
}

type Shown = { avatar: AvatarId; sizes: Record<number, string> } | { avatar: null; sizes: null }

/** Everybody sees the new picture, or none; the old one's files go when no row names them. */
function show(context: OperationContext, who: Identity, shown: Shown): Promise<Answer<Put>> {
  const whose = async () => {
    const asker = await context.access.asker(who)
    return isRefusal(asker) ? asker : asker.me
  }
  return put(context, who, { whose, guards: [isActive(who.user)] }, shown)
}

interface Whose {
  readonly whose: () => Promise<Person | Refusal>
  readonly guards: readonly Guard[]
}

interface Put {
  readonly person: Person
  readonly seq: Seq
}

function put(
  context: OperationContext,
  who: Identity,
  { whose, guards }: Whose,
  { avatar, sizes }: Shown,
): Promise<Answer<Put>> {
  return write(context.writer, async () => {
    const person = await whose()
    if (isRefusal(person)) return { answer: person }
    const nothing = person.avatar === null && avatar === null
    const old = await avatarFilesOf(context, person.avatar)
    const shown = { ...person, avatar }
    const user = asEverybodySees(shown)
    return {
      change: change({
        guards: [...guards, unchanged(person)],
        appends: nothing
          ? []
          : [{ topic: 'workspace', event: { e: 'user.changed', ...stampOf(context, who), user } }],
        rows: avatar ? [{ row: 'avatar', avatar: { id: avatar, user: person.id, sizes } }] : [],
      }),
      done: outcome => {
        context.background(() => context.fileStore.collect(old))
        return { ok: { person: shown, seq: headOfPeople(outcome, 0) } }
      },
    }
  })
}

/** The content hashes of a picture's sizes. */
export const avatarFilesOf = async (context: OperationContext, avatar: AvatarId | null): Promise<string[]> =>
  avatar === null ? [] : Object.values((await context.store.avatar(avatar)) ?? {})
