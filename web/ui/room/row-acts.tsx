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
  onEdit: (message: Message) => void
  onDelete: (message: Message) => void
  /** The text of a row that was not sent, taken back to be changed, with what it quotes. */
  onAmend: (text: string, quote: MessageId | undefined) => void
}

/** What one may do with a message, the most wanted first. The server has the last word. */
export function actsOnMessage(message: Message, looking: Looking, does: RowDoers): readonly RowAct[] {
  const { open, room, me, membership } = looking
  const mine = message.author === me.id
  const writes = membership !== undefined && !room.archived
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
        act: () => does.onEdit(message),
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
export function actsOnFailed(
  { draft, error }: Extract<ListRow, { is: 'failed' }>,
  open: OpenRoom,
  does: RowDoers,
): readonly RowAct[] {
  const amend = () => void open.discard(draft.id).then(text => does.onAmend(text, draft.quote))
  const discard = () => void open.discard(draft.id)
  // With the quote it would be refused again and again.
  const again = isQuoteGone(error)
    ? { label: m.chat_send_unquoted(), act: () => void open.retryUnquoted(draft.id) }
    : { label: m.chat_retry(), act: () => void open.retry(draft.id) }
  return [
    { ...again, icon: <RotateCw />, key: 'r', often: true },
    { label: m.chat_edit(), icon: <Pencil />, key: 'e', often: true, act: amend },
    copyOf(draft.text),
    { label: m.chat_discard(), icon: <Trash2 />, key: 'Delete', often: true, danger: true, act: discard },
  ]
}

/** Whether a message was refused because the one that it quotes is not there any more. */
export const isQuoteGone = ({ code, field }: WireError): boolean => code === 'not_found' && field === 'quote'

const copyOf = (text: string): RowAct => ({
  label: m.chat_copy_text(),
  icon: <Copy />,
  key: 'c',
  act: () => void copyText(text, m.chat_text_copied()),
})
