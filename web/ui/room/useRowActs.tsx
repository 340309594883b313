import { Copy, Link2, MailOpen, Pencil, Reply, RotateCw, Trash2 } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useState } from 'react'
import type { Message } from '../../../contract/entities.ts'
import type { MessageId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { Answer, OpenRoom, Row, Unsent } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { ConfirmDialog } from '../dialogs/ConfirmDialog.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import type { MenuItem } from '../parts/Menu.tsx'
import { MenuItems, moveFocus } from '../parts/Menu.tsx'
import { messagePath } from '../rooms/address.ts'
import { mayManage } from '../rooms/may.ts'
import { copyText } from '../shell/copy.ts'
import type { MessageListProps } from './MessageList.tsx'
import { Quoted } from './Quoted.tsx'

/** One thing that can be done with a row. `key` does it while the row has the focus. */
export interface RowAct extends MenuItem {
  key?: string
}

export interface RowActs {
  /** What one may do with a row, the most wanted first. */
  of: (row: Row) => readonly RowAct[]
  onKey: (event: KeyboardEvent, row: Row) => void
  /** All of it as a sheet, for who presses long. */
  showSheet: (row: Row) => void
  jumpTo: (message: MessageId) => void
  dialog: ReactNode
}

/** What can be done with messages, each behind its button, its key and its entry in the menu. */
export function useRowActs({
  open,
  room,
  onReply,
  onEdit,
  onAmend,
  jumpTo,
}: Pick<MessageListProps, 'open' | 'room' | 'onReply' | 'onEdit' | 'onAmend'> & {
  jumpTo: (message: MessageId) => void
}): RowActs {
  const me = useSelect(snapshot => snapshot.me)
  const rooms = useSelect(snapshot => snapshot.rooms)
  const membership = useSelect(snapshot => snapshot.memberships.get(room.id))
  const [deleting, setDeleting] = useState<Message | null>(null)
  const [sheet, setSheet] = useState<Row | null>(null)
  const writes = membership !== undefined && !room.archived
  const oversees = room.kind !== 'direct' && mayManage(membership, me.role)

  const ofMessage = (message: Message): RowAct[] => {
    const mine = message.author === me.id
    const acts: (RowAct | false)[] = [
      writes && { label: m.chat_reply(), icon: <Reply />, key: 'r', act: () => onReply(message) },
      mine && writes && { label: m.chat_edit(), icon: <Pencil />, key: 'e', act: () => onEdit(message) },
      {
        label: m.chat_copy_text(),
        icon: <Copy />,
        key: 'c',
        act: () => copyText(message.text, m.chat_text_copied()),
      },
      {
        label: m.chat_copy_link(),
        icon: <Link2 />,
        key: 'l',
        act: () => copyText(location.origin + messagePath(room, rooms, message.id), m.chat_link_copied()),
      },
      membership !== undefined && {
        label: m.chat_mark_unread(),
        icon: <MailOpen />,
        key: 'u',
        act: () => void open.markUnreadFrom(message),
      },
      (mine || oversees) && {
        label: m.chat_delete(),
        icon: <Trash2 />,
        key: 'Delete',
        danger: true,
        act: () => setDeleting(message),
      },
    ]
    return acts.filter(act => act !== false)
  }

  const of = (row: Row): readonly RowAct[] =>
    row.is === 'message'
      ? ofMessage(row.message)
      : row.is === 'failed'
        ? ofFailed(row.draft, open, onAmend)
        : []

  return {
    of,
    jumpTo,
    onKey: (event, row) => {
      if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
      const act = of(row).find(({ key }) => key === event.key)
      if (!act) return
      event.preventDefault()
      act.act()
    },
    showSheet: row => {
      if (of(row).length > 0) setSheet(row)
    },
    dialog: (
      <>
        {sheet && (
          <Dialog title={m.chat_message_menu()} size="small" onClose={() => setSheet(null)}>
            <div
              className="row-sheet"
              role="menu"
              tabIndex={-1}
              aria-label={m.chat_message_menu()}
              onKeyDown={moveFocus}
            >
              <MenuItems items={of(sheet)} done={() => setSheet(null)} />
            </div>
          </Dialog>
        )}
        {deleting && (
          <ConfirmDialog
            title={m.chat_delete_title()}
            confirm={m.chat_delete()}
            act={() => remove(open, deleting.id)}
            onDone={() => setDeleting(null)}
            onClose={() => setDeleting(null)}
          >
            <p>{m.chat_delete_text()}</p>
            <Quoted message={deleting} />
          </ConfirmDialog>
        )}
      </>
    ),
  }
}

function ofFailed(draft: Unsent, open: OpenRoom, onAmend: (text: string) => void): RowAct[] {
  return [
    { label: m.chat_retry(), icon: <RotateCw />, key: 'r', act: () => void open.retry(draft.id) },
    {
      label: m.chat_edit(),
      icon: <Pencil />,
      key: 'e',
      act: () => void open.discard(draft.id).then(onAmend),
    },
    {
      label: m.chat_copy_text(),
      icon: <Copy />,
      key: 'c',
      act: () => copyText(draft.text, m.chat_text_copied()),
    },
    {
      label: m.chat_discard(),
      icon: <Trash2 />,
      key: 'Delete',
      danger: true,
      act: () => void open.discard(draft.id),
    },
  ]
}

/** A message that somebody else deleted meanwhile is deleted as wanted. */
async function remove(open: OpenRoom, message: MessageId): Promise<Answer<unknown>> {
  const answer = await open.remove(message)
  return 'error' in answer && answer.error.code === 'not_found' ? { ok: {} } : answer
}
