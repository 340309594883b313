import type { Message } from '../../../contract/entities.ts'
import type { MessageId, RoomId } from '../../../contract/ids.ts'
import { roomTopic } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Output } from '../../../contract/operations.ts'
import type { Asker } from '../access.ts'
import { mayDelete, mayEdit, mayPost, mayQuote } from '../access.ts'
import type { Answer, Identity } from '../answer.ts'
import { isRefusal } from '../answer.ts'
import { fingerprintOf } from '../authentication/secrets.ts'
import type { Admitted, NounHandlers } from '../call.ts'
import type { OperationContext } from '../context.ts'
import { stampOf } from '../context.ts'
import type { Change, IdempotencyKey } from '../log/change.ts'
import type { Taken } from '../log/write.ts'
import { change, fresh, write } from '../log/write.ts'
import type { HistoryRange, MessagePlace } from '../ports/history.ts'
import { invalid, notFound, refusalOf } from '../refusals.ts'
import type { Gathering } from './gathering.ts'
import { gathering } from './gathering.ts'
import { headIn } from './rooms/seen-room.ts'
import type { Stamp } from './users/model.ts'

type Names =
  | 'messages.list'
  | 'messages.oversee'
  | 'messages.post'
  | 'messages.get'
  | 'messages.edit'
  | 'messages.remove'

/** What is said in rooms. */
export const messageHandlers = (context: OperationContext): NounHandlers<Names> => ({
  'messages.list': call => list(context, call),
  'messages.oversee': call => oversee(context, call),
  'messages.post': call => post(context, call),
  'messages.get': call => get(context, call),
  'messages.edit': call => edit(context, call),
  'messages.remove': call => remove(context, call),
})

const saying = {
  denied: 'Join the room first, to write in it.',
  not_found: 'Not found, or you do not have access.',
}

/** The hot path: nothing is read before the one append, unless some of a direct room's people do not have it yet. */
async function post(
  context: OperationContext,
  { who, input }: Admitted<'messages.post'>,
): Promise<Answer<Output<'messages.post'>>> {
  const late = context.rates.post(who.user)
  if (late) return late
  const { room } = input
  const idempotencyKey = await onceOf(context, who, input)
  let isFirst = true
  return write(
    context.writer,
    async () => {
      const stamp = stampOf(context, who)
      const gathered = isFirst ? null : await gathering(context, room, stamp)
      isFirst = false
      return {
        change: posting({ idempotencyKey, input, stamp, gathered }),
        done: outcome => ({ ok: posted(outcome, room) }),
      }
    },
    saying,
  )
}

type Post = Admitted<'messages.post'>['input']

async function onceOf(
  context: OperationContext,
  { user }: Identity,
  { id, room, text, quote }: Post,
): Promise<IdempotencyKey> {
  const { salt } = await context.workspace.fixed()
  return { of: 'message', id, author: user, fingerprint: fingerprintOf(salt, [room, text, quote ?? null]) }
}

/** `gathered`: what brings a direct room to those of its people who do not have it. */
function posting(of: {
  idempotencyKey: IdempotencyKey
  input: Post
  stamp: Stamp
  gathered: Gathering | null
}): Change {
  const { idempotencyKey, stamp, gathered } = of
  const { id, room, text, quote } = of.input
  const said = quote === undefined ? { id, text } : { id, text, quote }
  return change({
    idempotencyKey,
    guards: [
      ...mayPost(stamp.by, room),
      ...(quote === undefined ? [] : mayQuote(stamp.by, room, quote)),
      fresh({ if: 'all here', room, but: gathered?.coming ?? [] }),
      ...(gathered?.guards ?? []),
    ],
    appends: [
      ...(gathered?.appends ?? []),
      { topic: roomTopic(room), event: { e: 'message.posted', ...stamp, ...said } },
    ],
    rows: gathered?.rows ?? [],
  })
}

const posted = (outcome: Taken, room: RoomId): Output<'messages.post'> => {
  if (outcome.is === 'done') return { seq: headIn(outcome, room) }
  return outcome.deleted ? { seq: outcome.seq, deleted: true } : { seq: outcome.seq }
}

async function oversee(
  context: OperationContext,
  { asker, input }: Admitted<'messages.oversee'>,
): Promise<Answer<Output<'messages.oversee'>>> {
  const { room = null, author = null, before, limit = limits.historyMessages } = input
  const found = await context.access.overseen(asker, { room, author, before: placeOf(before), limit })
  if (isRefusal(found)) return found
  const { messages, next } = found
  return { ok: { messages: [...messages], next: next && `${next.at}.${next.seq}.${next.id}` } }
}

/** The contract held it to its form. */
function placeOf(cursor: string | undefined): MessagePlace | null {
  const [at, seq, id] = cursor?.split('.') ?? []
  return id === undefined ? null : { at: Number(at), seq: Number(seq), id: id as MessageId }
}

async function list(
  context: OperationContext,
  { asker, input }: Admitted<'messages.list'>,
): Promise<Answer<Output<'messages.list'>>> {
  const found = await context.access.reading(asker, input.room, async above => {
    const range = await rangeOf(context, asker, input)
    return isRefusal(range) ? range : context.store.history(input.room, { ...range, above })
  })
  return isRefusal(found) ? found : { ok: { ...found.read, messages: [...found.read.messages] } }
}

async function rangeOf(context: OperationContext, asker: Asker, input: Admitted<'messages.list'>['input']) {
  const { before, after, around, aroundSeq, limit = limits.historyMessages } = input
  if ([before, after, around, aroundSeq].filter(bound => bound !== undefined).length > 1)
    return invalid('around', 'Give one of before, after, around and aroundSeq, or none of them.')
  const range: HistoryRange = { limit: Math.max(1, limit) }
  if (before !== undefined) return { ...range, before }
  if (after !== undefined) return { ...range, after }
  if (aroundSeq !== undefined) return { ...range, around: aroundSeq }
  if (around === undefined) return range
  const middle = await context.access.message(asker, around)
  if (isRefusal(middle) || middle.message.room !== input.room) return notFound
  return { ...range, around: middle.message.seq }
}

async function get(
  context: OperationContext,
  { asker, input }: Pick<Admitted<'messages.get'>, 'asker' | 'input'>,
): Promise<Answer<Output<'messages.get'>>> {
  const found = await context.access.message(asker, input.id)
  return isRefusal(found) ? found : { ok: { ...found } }
}

const changedMeanwhile = { changed: 'The message was changed meanwhile. Look at it again, then edit it.' }

/** An edit to what the message says already is done, whatever its revision: a retry after a lost answer is one. */
async function edit(
  context: OperationContext,
  { who, input }: Admitted<'messages.edit'>,
): Promise<Answer<Output<'messages.edit'>>> {
  const { id, text, was } = input
  const asker = await context.access.asker(who)
  if (isRefusal(asker)) return asker
  const before = await get(context, { asker, input: { id } })
  if (isRefusal(before)) return before
  const { message } = before.ok
  if (saysAlready(message, who, text)) return before
  const stamp = stampOf(context, who)
  const rev = was + 1
  const outcome = await context.writer.commit(
    change({
      guards: mayEdit(who.user, message, was),
      appends: [{ topic: roomTopic(message.room), event: { e: 'message.edited', ...stamp, id, text, rev } }],
    }),
  )
  // The message is what was read, at the revision that the guards hold it to, with what was written.
  if (outcome.is !== 'refused')
    return {
      ok: { message: { ...message, text, rev, editedAt: stamp.at }, seq: headIn(outcome, message.room) },
    }
  if (outcome.code !== 'changed') return refusalOf(outcome, changedMeanwhile)
  const after = await get(context, { asker, input: { id } })
  const isTwin = !isRefusal(after) && saysAlready(after.ok.message, who, text)
  return isTwin ? after : refusalOf(outcome, changedMeanwhile)
}

const saysAlready = (message: Message, who: Identity, text: string): boolean =>
  message.author === who.user && message.text === text

async function remove(
  context: OperationContext,
  { who, input: { id } }: Admitted<'messages.remove'>,
): Promise<Answer<Output<'messages.remove'>>> {
  const asker = await context.access.asker(who)
  if (isRefusal(asker)) return asker
  const found = await context.access.message(asker, id)
  if (isRefusal(found)) return found
  const { room, seq, author } = found.message
  const outcome = await context.writer.commit(
    change({
      guards: mayDelete(who.user, found.message),
      appends: [
        {
          topic: roomTopic(room),
          event: { e: 'message.deleted', ...stampOf(context, who), id, of: seq, author },
        },
      ],
    }),
  )
  if (outcome.is === 'refused') return refusalOf(outcome)
  return { ok: { seq: outcome.is === 'done' ? (outcome.appended[0]?.seq ?? 0) : outcome.seq } }
}
