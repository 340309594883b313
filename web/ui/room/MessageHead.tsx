import type { User } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import type { ListRow } from '../../sync/model.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { useTabStop } from '../parts/tab-stops.ts'
import { nameOf } from '../people/names.ts'
import { useShow } from '../shell/dialogs.ts'
import { clockTime, fullTime, shortClockTime } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'

const isKnown = (author: User | undefined): author is User =>
  author !== undefined && author.state !== 'deleted'

/** The author's picture; pressing it opens their card, as the name beside it does by keyboard too. */
export function MessageFace({ author }: { author: User | undefined }) {
  const show = useShow()
  if (!isKnown(author)) return <Avatar user={undefined} size={36} />
  return (
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

/** Who said it, and when. */
export function MessageHead({
  author,
  at,
  pending,
}: {
  author: User | undefined
  at: number
  pending: boolean
}) {
  const show = useShow()
  const stop = useTabStop()
  return (
    <header className="message-heading">
      {isKnown(author) ? (
        <button
          type="button"
          {...stop}
          className="message-name"
          dir="auto"
          onClick={() => show({ is: 'person', user: author.id })}
        >
          <span>{nameOf(author)}</span>
        </button>
      ) : (
        <span className="message-name">{nameOf(author)}</span>
      )}
      {isKnown(author) && author.role !== 'member' && <span className="tag">{roleText(author)}</span>}
      {pending ? (
        <span className="message-time">{m.chat_sending()}</span>
      ) : (
        <MessageTime at={at} className="message-time" />
      )}
    </header>
  )
}

const roleText = (user: User) => (user.role === 'owner' ? m.chat_role_owner() : m.chat_role_administrator())

/** `short`: beside the message, where there is no room for "PM". */
export function MessageTime({
  at,
  className,
  short = false,
}: {
  at: number
  className: string
  short?: boolean
}) {
  const locale = formatLocale()
  return (
    <time className={className} dateTime={new Date(at).toISOString()} data-tip={fullTime(at, locale)}>
      {short ? shortClockTime(at, locale) : clockTime(at, locale)}
    </time>
  )
}

/** Behind its text: what one wants of it and is not done yet, or else that it was edited. */
export function MessageState({ row: { message, change } }: { row: Extract<ListRow, { is: 'message' }> }) {
  const at = message.editedAt
  const isWaiting = change?.error === null
  if (change?.error || (!isWaiting && at === undefined)) return null
  const isRemoved = change?.operation === 'messages.remove'
  return (
    <span className="message-edited" data-tip={at && fullTime(at, formatLocale())}>
      {' '}
      {isWaiting ? (isRemoved ? m.chat_deleting() : m.chat_saving()) : m.chat_edited()}
    </span>
  )
}
