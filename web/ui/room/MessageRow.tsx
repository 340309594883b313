import { Ellipsis } from 'lucide-react'
import type { FocusEvent } from 'react'
import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import type { ListRow, OpenRoom } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { FormattedText } from '../markdown/FormattedText.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { Menu } from '../parts/Menu.tsx'
import { TabStops } from '../parts/tab-stops.ts'
import { nameOf } from '../people/names.ts'
import { fullTime } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'
import type { Item } from './items.ts'
import { MessageFace, MessageHead, MessageState, MessageTime } from './MessageHead.tsx'
import { NotDone } from './NotDone.tsx'
import { QuoteLine } from './Quoted.tsx'
import type { RowAct } from './row-acts.tsx'
import { useLongPress } from './useLongPress.ts'
import type { RowActs } from './useRowActs.tsx'
import './MessageRow.css'

export interface MessageRowProps {
  item: Extract<Item, { is: 'row' }>
  open: OpenRoom
  acts: RowActs
  /** Pointed at or focused: it shows what can be done with it. */
  active: boolean
  /** The focus is in it. */
  focused: boolean
  flash: boolean
  tabIndex: number
  /** How many rows there are; -1 where that is not known. */
  size: number
  onActive: (key: string | null) => void
  onFocused: (key: string | null) => void
}

/** One message: under its author's name, or below the one before it. */
export function MessageRow(props: MessageRowProps) {
  const { item, open, acts, active, focused, flash, tabIndex, size, onActive, onFocused } = props
  const { row, lead, author: authorId } = item
  const author = useSelect(snapshot => snapshot.users.get(authorId))
  const [menu, setMenu] = useState(false)
  const press = useLongPress(() => acts.showSheet(row))
  const { at } = row.is === 'message' ? row.message : row.draft
  const shown = active || menu
  return (
    <article
      className="message"
      aria-label={m.chat_message_label({ name: nameOf(author), time: fullTime(at, formatLocale()) })}
      tabIndex={tabIndex}
      aria-posinset={item.nth}
      aria-setsize={size}
      data-lead={lead ? '' : undefined}
      data-active={shown ? '' : undefined}
      data-flash={flash ? '' : undefined}
      data-state={stateOf(row)}
      onPointerEnter={event => event.pointerType === 'mouse' && onActive(item.key)}
      onClick={() => onActive(item.key)}
      onFocus={() => onFocused(item.key)}
      onBlur={event => comesBack(event) || onFocused(null)}
      onKeyDown={event => acts.onKey(event, row)}
      {...press}
    >
      <TabStops value={focused}>
        {lead ? <MessageFace author={author} /> : <MessageTime at={at} className="message-side-time" short />}
        <div className="message-body">
          {lead && <MessageHead author={author} at={at} pending={row.is === 'pending'} />}
          <Said row={row} open={open} acts={acts} lead={lead} />
        </div>
        {shown && row.is === 'message' && !row.change?.error && (
          <Tools acts={acts.of(row)} onMenu={setMenu} />
        )}
      </TabStops>
    </article>
  )
}

/** The focus goes to a dialog, which gives it back, or the whole window loses it: the row is to be there still. Or it stays within. */
const comesBack = ({ currentTarget, relatedTarget: to }: FocusEvent) =>
  currentTarget.contains(to ?? document.activeElement) || to?.closest('dialog')

/** As it is on the server, or on its way there, or refused. */
function stateOf(row: ListRow): 'message' | 'pending' | 'failed' {
  if (row.is !== 'message' || !row.change) return row.is
  return row.change.error ? 'failed' : 'pending'
}

function Said({ row, open, acts, lead }: { row: ListRow; open: OpenRoom; acts: RowActs; lead: boolean }) {
  const { text, quote } = row.is === 'message' ? row.message : row.draft
  const change = row.is === 'message' ? row.change : row.is === 'failed' ? row : undefined
  return (
    <>
      {quote && <QuoteLine open={open} id={quote} onJump={acts.jumpTo} />}
      <FormattedText
        text={text}
        plain={row.is === 'message' && row.message.plain === true}
        onChange={
          row.is === 'message' && mayEdit(row, acts) ? text => void open.edit(row.message, text) : undefined
        }
        after={
          row.is === 'message' ? <MessageState row={row} /> : row.is === 'pending' && !lead && <Sending />
        }
      />
      {change?.error && <NotDone {...change} error={change.error} acts={acts.of(row)} />}
    </>
  )
}

/** Whether one may change it, and nothing is on its way already. */
const mayEdit = (row: ListRow, acts: RowActs): boolean =>
  row.is === 'message' && !row.change && acts.of(row).some(({ key }) => key === 'e')

/** Of a message under another one, whose heading does not speak of it. */
const Sending = () => <span className="message-edited"> ({m.chat_sending()})</span>

function Tools({ acts, onMenu }: { acts: readonly RowAct[]; onMenu: (open: boolean) => void }) {
  return (
    <div className="message-tools">
      {acts
        .filter(({ often }) => often)
        .map(({ label, icon, act }) => (
          <IconButton key={label} label={label} icon={icon} onClick={act} />
        ))}
      <Menu label={m.chat_message_menu()} icon={<Ellipsis />} items={acts} onToggle={onMenu} />
    </div>
  )
}
