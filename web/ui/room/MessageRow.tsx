import { CircleAlert, Ellipsis } from 'lucide-react'
import { useRef, useState } from 'react'
import type { User } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import type { OpenRoom } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { errorText } from '../forms/error-text.ts'
import { Markdown } from '../markdown/Markdown.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { Menu } from '../parts/Menu.tsx'
import { nameOf } from '../people/names.ts'
import { useShow } from '../shell/dialogs.ts'
import { clockTime, fullTime } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'
import type { Item } from './items.ts'
import { QuoteLine } from './Quoted.tsx'
import { useLongPress } from './useLongPress.ts'
import type { RowActs } from './useRowActs.tsx'
import './MessageRow.css'

export interface MessageRowProps {
  item: Extract<Item, { is: 'row' }>
  open: OpenRoom
  acts: RowActs
  /** Pointed at or focused: it shows what can be done with it. */
  active: boolean
  flash: boolean
  tabIndex: number
  onActive: (key: string | null) => void
  onFocused: (key: string | null) => void
}

/** One message: under its author's name, or below the one before it. */
export function MessageRow({
  item,
  open,
  acts,
  active,
  flash,
  tabIndex,
  onActive,
  onFocused,
}: MessageRowProps) {
  const { row, lead } = item
  const author = useSelect(snapshot => snapshot.users.get(item.author))
  const [pinned, setPinned] = useState(false)
  const article = useRef<HTMLElement>(null)
  const press = useLongPress(() => acts.showSheet(row))
  const what = row.is === 'message' ? row.message : row.draft
  return (
    <article
      ref={article}
      className="message"
      aria-label={m.chat_message_label({ name: nameOf(author), time: fullTime(what.at, formatLocale()) })}
      tabIndex={tabIndex}
      data-lead={lead ? '' : undefined}
      data-active={active || pinned ? '' : undefined}
      data-flash={flash ? '' : undefined}
      data-state={row.is}
      onPointerEnter={event => event.pointerType === 'mouse' && onActive(item.key)}
      onClick={() => onActive(item.key)}
      onFocus={() => onFocused(item.key)}
      onBlur={event => {
        if (!event.currentTarget.contains(event.relatedTarget)) onFocused(null)
      }}
      onKeyDown={event => acts.onKey(event, row)}
      {...press}
    >
      {lead ? <Author author={author} /> : <Time at={what.at} className="message-side-time" />}
      <div className="message-body">
        {lead && <Heading author={author} at={what.at} pending={row.is === 'pending'} />}
        {what.quote && <QuoteLine open={open} id={what.quote} onJump={acts.jumpTo} />}
        <Markdown
          text={what.text}
          after={row.is === 'message' && row.message.editedAt && <Edited at={row.message.editedAt} />}
        />
        {row.is === 'failed' && <Failed reason={errorText(row.error)} acts={acts} row={row} />}
      </div>
      {(active || pinned) && row.is === 'message' && (
        <div className="message-tools">
          {acts
            .of(row)
            .slice(0, 2)
            .filter(act => act.key === 'r' || act.key === 'e')
            .map(act => (
              <IconButton key={act.label} label={act.label} icon={act.icon} onClick={act.act} />
            ))}
          <Menu label={m.chat_message_menu()} icon={<Ellipsis />} items={acts.of(row)} onToggle={setPinned} />
        </div>
      )}
    </article>
  )
}

function Author({ author }: { author: User | undefined }) {
  const show = useShow()
  const known = author && author.state !== 'deleted'
  if (!known) return <Avatar user={undefined} size={36} />
  return (
    // The name beside it opens the same card, by keyboard too.
    <button
      type="button"
      className="message-face"
      tabIndex={-1}
      aria-hidden="true"
      onClick={() => show({ is: 'person', user: author.id })}
    >
      <Avatar user={author} size={36} />
    </button>
  )
}

function Heading({ author, at, pending }: { author: User | undefined; at: number; pending: boolean }) {
  const show = useShow()
  const known = author && author.state !== 'deleted'
  return (
    <header className="message-heading">
      {known ? (
        <button
          type="button"
          className="message-name"
          dir="auto"
          onClick={() => show({ is: 'person', user: author.id })}
        >
          <span>{nameOf(author)}</span>
        </button>
      ) : (
        <span className="message-name">{nameOf(author)}</span>
      )}
      {known && author.role !== 'member' && <span className="tag">{roleText(author)}</span>}
      {pending ? (
        <span className="message-time">{m.chat_sending()}</span>
      ) : (
        <Time at={at} className="message-time" />
      )}
    </header>
  )
}

const roleText = (user: User) => (user.role === 'owner' ? m.chat_role_owner() : m.chat_role_administrator())

function Time({ at, className }: { at: number; className: string }) {
  const locale = formatLocale()
  return (
    <time className={className} dateTime={new Date(at).toISOString()} data-tip={fullTime(at, locale)}>
      {clockTime(at, locale)}
    </time>
  )
}

function Edited({ at }: { at: number }) {
  return (
    <span className="message-edited" data-tip={fullTime(at, formatLocale())}>
      {' '}
      {m.chat_edited()}
    </span>
  )
}

function Failed({
  reason,
  acts,
  row,
}: {
  reason: string
  acts: RowActs
  row: Extract<Item, { is: 'row' }>['row']
}) {
  return (
    <div className="message-failed" role="alert">
      <CircleAlert />
      <span>{m.chat_not_sent({ reason })}</span>
      {acts
        .of(row)
        .filter(act => act.key !== 'c')
        .map(act => (
          <Button key={act.label} size="small" look="quiet" onClick={act.act}>
            {act.label}
          </Button>
        ))}
    </div>
  )
}
