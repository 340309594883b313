import type { KeyboardEvent, ReactNode } from 'react'
import { useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Message, Room } from '../../../contract/entities.ts'
import type { MessageId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { CallResult, ListRow, OpenRoom } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { autofocus } from '../forms/autofocus.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { DialogBoundary } from '../parts/DialogBoundary.tsx'
import { lazyPart } from '../parts/lazy-part.ts'
import { MenuItems, moveFocus } from '../parts/Menu.tsx'
import { useIsShown } from '../shell/dialogs.ts'
import { keyOf } from '../shell/keys.ts'
import { isTouch } from './enter.ts'
import { Quoted } from './Quoted.tsx'
import type { RowAct } from './row-acts.tsx'
import { actsOn } from './row-acts.tsx'
import type { ListDoers } from './useWriting.ts'

const ConfirmDialog = lazyPart(async () => (await import('../dialogs/ConfirmDialog.tsx')).ConfirmDialog)

export interface RowActs {
  /** What one may do with a row, the most wanted first. */
  of: (row: ListRow) => readonly RowAct[]
  onKey: (event: KeyboardEvent, row: ListRow) => void
  /** All of it as a sheet, for who presses long, or has no pointer. */
  showSheet: (row: ListRow) => void
  jumpTo: (message: MessageId) => void
  dialog: ReactNode
}

/** What can be done with the rows of a list, each behind its button, its key and its entry in the menu. */
export function useRowActs(
  open: OpenRoom,
  room: Room,
  doers: ListDoers,
  jumpTo: (message: MessageId) => void,
): RowActs {
  const me = useSelect(snapshot => snapshot.me)
  const membership = useSelect(snapshot => snapshot.memberships.get(room.id))
  const [deleting, setDeleting] = useState<Message | null>(null)
  const [sheet, setSheet] = useState<ListRow | null>(null)
  useFocusAfter(deleting !== null, doers.onLeave)
  // A dialog may be asked for and not be there yet: what is typed meanwhile is meant for it.
  const isAsked = useIsShown() || deleting !== null || sheet !== null
  const does = { ...doers, onDelete: setDeleting, onGoTo: jumpTo }

  const of = (row: ListRow) => actsOn(row, { open, room, me, membership }, does)
  const showSheet = (row: ListRow) => setSheet(of(row).length > 0 ? row : null)
  return {
    of,
    jumpTo,
    onKey: (event, row) => {
      if (!isAsked) doKey(event, of(row), { menu: () => showSheet(row), leave: doers.onLeave })
    },
    showSheet,
    dialog: (
      <>
        {sheet && <Sheet acts={of(sheet)} onClose={() => setSheet(null)} />}
        {deleting && (
          <DialogBoundary onClose={() => setDeleting(null)}>
            <Deletion open={open} message={deleting} onClose={() => setDeleting(null)} />
          </DialogBoundary>
        )}
      </>
    ),
  }
}

/** When a dialog is closed and what it was opened from is gone, the focus goes on from the box. A finger has none to lose. */
function useFocusAfter(isOpen: boolean, leave: () => void): void {
  const was = useRef(false)
  useEffect(() => {
    if (was.current && !isOpen && document.activeElement === document.body && !isTouch()) leave()
    was.current = isOpen
  }, [isOpen, leave])
}

/** Enter, and the keys that open a menu elsewhere too. */
const opensMenu = ({ key, shiftKey }: KeyboardEvent) =>
  key === 'ContextMenu' || (key === 'F10' && shiftKey) || (key === 'Enter' && !shiftKey)

/** The key of one of these acts does it, while the row itself has the focus. */
function doKey(
  event: KeyboardEvent,
  acts: readonly RowAct[],
  { menu, leave }: { menu: () => void; leave: () => void },
): void {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
  const act = event.shiftKey ? undefined : acts.find(({ key }) => key === keyOf(event))
  const does = act?.act ?? (opensMenu(event) ? menu : event.key === 'Escape' ? leave : null)
  if (!does) return
  event.preventDefault()
  does()
}

function Sheet({ acts, onClose }: { acts: readonly RowAct[]; onClose: () => void }) {
  return (
    <Dialog title={m.chat_message_menu()} size="small" onClose={onClose}>
      <div
        className="row-sheet"
        role="menu"
        tabIndex={-1}
        aria-label={m.chat_message_menu()}
        onKeyDown={moveFocus}
        // Windows opens its own menu when the key that opened this one is let go.
        onContextMenu={event => event.preventDefault()}
      >
        {/* What is chosen may put the focus elsewhere: the dialog has given it back by then. */}
        <MenuItems items={acts} done={() => flushSync(onClose)} first={autofocus} />
      </div>
    </Dialog>
  )
}

function Deletion({ open, message, onClose }: { open: OpenRoom; message: Message; onClose: () => void }) {
  return (
    <ConfirmDialog
      title={m.chat_delete_title()}
      confirm={m.chat_delete()}
      act={() => remove(open, message.id)}
      onDone={onClose}
      onClose={onClose}
    >
      <p>{m.chat_delete_text()}</p>
      <Quoted message={message} />
    </ConfirmDialog>
  )
}

async function remove(open: OpenRoom, message: MessageId): Promise<CallResult<void>> {
  return { ok: await open.remove(message) }
}
