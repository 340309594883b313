import { Trash2 } from 'lucide-react'
import { Link } from 'wouter'
import type { Message, Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { FormattedText } from '../markdown/FormattedText.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { nameOf } from '../people/names.ts'
import { fullTime } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'

/** A message as it stands on the administration page. */
export function OverseenMessage({
  message,
  room,
  onDelete,
}: {
  message: Message
  /** Where it was said, where that is not plain from the page. */
  room?: Room | undefined
  onDelete: () => void
}) {
  const author = useSelect(snapshot => snapshot.users.get(message.author))
  const when = fullTime(message.at, formatLocale())
  const name = nameOf(author)
  return (
    <li className="overseen-message">
      <Avatar user={author?.state === 'deleted' ? undefined : author} size={28} />
      <div>
        <p className="overseen-who">
          <bdi>{name}</bdi>
          {room && (
            <Link href={`/admin/rooms/${room.id}`}>
              <bdi>{room.name}</bdi>
            </Link>
          )}
          <time dateTime={new Date(message.at).toISOString()}>{when}</time>
        </p>
        <FormattedText text={message.text} plain={message.plain === true} />
      </div>
      <IconButton label={m.admin_message_delete_of({ name, when })} icon={<Trash2 />} onClick={onDelete} />
    </li>
  )
}
