import { Copy, Link2, MailOpen, Pencil, Reply, RotateCw, Trash2 } from 'lucide-react'
import type { Membership, Message, Room, User } from '../../../contract/entities.ts'
import type { WireError } from '../../../contract/frames.ts'
import type { MessageId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { ListRow, OpenRoom } from '../../sync/model.ts'
import type { MenuItem } from '../parts/Menu.tsx'
import { messagePath } from '../rooms/address.ts'
import { canManage } from '../rooms/may.ts'
import { copyText } from '../shell/copy.ts'

/** One thing that can be done with a row. `key` does it while the row has the focus. */
export interface RowAct extends MenuItem {
  key: string
  /** Wanted so often that it has a button of its own. */
  often?: boolean
}

type MessageRow = Extract<ListRow, { is: 'message' }>

/** Who looks at which room, and what they are in it. */
export interface Looking {
  open: OpenRoom
  room: Room
  me: User
  membership: Membership | undefined
}

/** What the page does when one of these is chosen. */
export interface RowDoers {
  onReply: (message: Message) => void
  /** `text`: what it is to say. Answers whether it is begun: there is one edit at a time. */
  onEdit: (message: Message, text?: string) => boolean
  onDelete: (message: Message) => void
  /** The text of a row that was not sent, taken back to be changed, with what it quotes. */
  onAmend: (text: string, quote: MessageId | undefined) => void
  onGoTo: (message: MessageId) => void
}

/** What one may do with a row, the most wanted first. The server has the last word. */
export function actsOn(row: ListRow, looking: Looking, does: RowDoers): readonly RowAct[] {
  const { open } = looking
  if (row.is === 'pending') return []
  if (row.is === 'message' && !row.change?.error) return actsOnMessage(row, looking, does)
  const acts = row.is === 'failed' ? actsOnFailed(row, open, does) : actsOnRefused(row, open, does)
  // Without a box to write in there is nothing to edit in.
  return isWriter(looking) ? acts : acts.filter(({ key }) => key !== 'e')
}

const isWriter = ({ membership, room }: Looking): boolean => membership !== undefined && !room.archived

function actsOnMessage({ message, change }: MessageRow, looking: Looking, does: RowDoers): readonly RowAct[] {
  const { open, room, me, membership } = looking
  if (change?.operation === 'messages.remove')
    return [{ ...discardOf(change.key, open), label: m.chat_undelete(), icon: <RotateCw />, danger: false }]
  const mine = message.author === me.id
  const writes = isWriter(looking)
  const oversees = room.kind !== 'direct' && canManage(membership, me.role)
  const link = () => void copyText(location.origin + messagePath(room, message.id), m.chat_link_copied())
  const remove = { key: 'Delete', danger: true, act: () => does.onDelete(message) }
  const acts: readonly (RowAct | false)[] = [
    writes && {
      label: m.chat_reply(),
      icon: <Reply />,
      key: 'r',
      often: true,
      act: () => does.onReply(message),
    },
    mine &&
      writes && {
        label: m.chat_edit(),
        icon: <Pencil />,
        key: 'e',
        often: true,
        act: () => void does.onEdit(message),
      },
    copyOf(message.text),
    { label: m.chat_copy_link(), icon: <Link2 />, key: 'l', act: link },
    membership !== undefined && {
      label: m.chat_mark_unread(),
      icon: <MailOpen />,
      key: 'u',
      act: () => void open.markUnreadFrom(message),
    },
    (mine || oversees) && { label: m.chat_delete(), icon: <Trash2 />, ...remove },
  ]
  return acts.filter(act => act !== false)
}

/** What one can do with a row that was refused for good. */
function actsOnFailed(
  row: Extract<ListRow, { is: 'failed' }>,
  open: OpenRoom,
  does: RowDoers,
): readonly RowAct[] {
  const { key, draft } = row
  const isEditable = row.operation === 'messages.post' || isMessageGone(row, open)
  const amend = () => void open.discard(key).then(text => does.onAmend(text, draft.quote))
  return [
    { ...again(row, open, does), icon: <RotateCw />, key: 'r', often: true },
    ...(isEditable ? [{ label: m.chat_edit(), icon: <Pencil />, key: 'e', often: true, act: amend }] : []),
    ...(draft.text === '' ? [] : [copyOf(draft.text)]),
    discardOf(key, open),
  ]
}

/** What may be done instead of what would be refused again and again. */
function again(
  row: Extract<ListRow, { is: 'failed' }>,
  open: OpenRoom,
  does: RowDoers,
): { label: string; act: () => void } {
  const { key, draft, error } = row
  if (isMessageGone(row, open)) return { label: m.chat_send_as_new(), act: () => void sendAsNew(key, open) }
  if (error.code === 'changed') return { label: m.chat_go_to(), act: () => does.onGoTo(draft.id) }
  if (isQuoteGone(error)) return { label: m.chat_send_unquoted(), act: () => void open.retryUnquoted(key) }
  return { label: m.chat_retry(), act: () => void open.retry(key) }
}

/** What one can do where a change of a message was refused for good. */
function actsOnRefused(
  { message: { text }, change }: MessageRow,
  open: OpenRoom,
  does: RowDoers,
): readonly RowAct[] {
  if (!change) return []
  const { key, operation, error, confirmed } = change
  const isEdit = operation === 'messages.edit'
  const isOvertaken = error?.code === 'changed'
  const save = () => void (isOvertaken ? open.edit(confirmed, text) : open.retry(key))
  const label = isOvertaken ? m.chat_edit_anyway() : m.chat_retry()
  const amend = () => void (does.onEdit(confirmed, text) && open.discard(key))
  return [
    { label, icon: <RotateCw />, key: 'r', often: true, act: save },
    ...(isEdit ? [{ label: m.chat_edit(), icon: <Pencil />, key: 'e', often: true, act: amend }] : []),
    copyOf(text),
    // A deletion has no words that would be lost.
    isEdit ? discardOf(key, open) : { ...discardOf(key, open), label: m.shell_close(), danger: false },
  ]
}

/** Whether a change was refused because its message is not there any more. */
const isMessageGone = (
  { operation, error, draft }: Extract<ListRow, { is: 'failed' }>,
  open: OpenRoom,
): boolean => operation === 'messages.edit' && (error.code === 'not_found' || open.known(draft.id) === null)

/** What is pressed twice is sent once: the second time nothing is left. */
async function sendAsNew(key: string, open: OpenRoom): Promise<void> {
  const text = await open.discard(key)
  if (text !== '') await open.post(text)
}

const discardOf = (key: string, open: OpenRoom): RowAct => ({
  label: m.chat_discard(),
  icon: <Trash2 />,
  key: 'Delete',
  often: true,
  danger: true,
  act: () => void open.discard(key),
})

/** Whether a message was refused because the one that it quotes is not there any more. */
export const isQuoteGone = ({ code, field }: WireError): boolean => code === 'not_found' && field === 'quote'

const copyOf = (text: string): RowAct => ({
  label: m.chat_copy_text(),
  icon: <Copy />,
  key: 'c',
  act: () => void copyText(text, m.chat_text_copied()),
})
