import { MessagesSquare, SearchX } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { RoomId } from '../../../contract/ids.ts'
import type { Output } from '../../../contract/operations.ts'
import { m } from '../../paraglide/messages.js'
import { RoomSettingsDialog } from '../dialogs/RoomSettingsDialog.tsx'
import { agoText } from '../forms/ago.ts'
import { LoadFailed } from '../forms/LoadFailed.tsx'
import { Pager } from '../forms/Pager.tsx'
import { RowSkeletons } from '../forms/RowSkeletons.tsx'
import { SearchField } from '../forms/SearchField.tsx'
import { Tag } from '../forms/Tag.tsx'
import { useAnswer } from '../forms/useAnswer.ts'
import { usePages } from '../forms/usePages.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { formatLocale } from '../time/locale.ts'
import '../parts/IconButton.css'
import { RoomIcon } from '../shell/RoomIcon.tsx'
import { rank } from '../shell/rank.ts'
import { AdminPage } from './AdminPage.tsx'
import './admin.css'

type ListedRoom = Output<'rooms.list'>['rooms'][number]

/** `/admin/rooms`: public and private rooms, whoever is in them. */
export function AdminRooms() {
  const { answer, again } = useAnswer('rooms.list', { which: 'all' })
  const [opened, setOpened] = useState<RoomId | null>(null)
  return (
    <AdminPage wide>
      {answer === null && <RowSkeletons rows={6} />}
      {answer && !('ok' in answer) && <LoadFailed answer={answer} again={again} />}
      {answer && 'ok' in answer && <RoomList rooms={answer.ok.rooms} onOpen={setOpened} />}
      {opened && (
        <RoomSettingsDialog
          room={opened}
          onClose={() => setOpened(null)}
          onChanged={again}
          onGone={() => {
            setOpened(null)
            again()
          }}
        />
      )}
    </AdminPage>
  )
}

function RoomList({ rooms, onOpen }: { rooms: readonly ListedRoom[]; onOpen: (room: RoomId) => void }) {
  const [text, setText] = useState('')
  const sorted = rooms.filter(room => room.kind !== 'direct').toSorted((a, b) => a.name.localeCompare(b.name))
  const found = rank(sorted, room => [room.name, room.topic], text, Number.POSITIVE_INFINITY)
  const paged = usePages(found)
  return (
    <>
      <div className="admin-bar">
        <SearchField
          label={m.admin_rooms_search()}
          value={text}
          onSearch={typed => {
            setText(typed)
            paged.goTo(0)
          }}
        />
      </div>
      {found.length === 0 ? (
        <EmptyState icon={<SearchX />} title={m.browse_not_found()} />
      ) : (
        <RoomTable rooms={paged.shown} onOpen={onOpen} />
      )}
      <div className="admin-foot">
        <p>{m.admin_rooms_direct_says()}</p>
        <Pager paged={paged} />
      </div>
    </>
  )
}

function RoomTable({ rooms, onOpen }: { rooms: readonly ListedRoom[]; onOpen: (room: RoomId) => void }) {
  return (
    <table className="admin-table" data-of="rooms">
      <thead>
        <tr>
          <th scope="col">{m.admin_column_room()}</th>
          <th scope="col">{m.admin_column_kind()}</th>
          <th scope="col">{m.admin_column_members()}</th>
          <th scope="col">{m.admin_column_last()}</th>
          <th scope="col">
            <span className="unseen">{m.admin_column_acts()}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rooms.map(room => (
          <RoomRow key={room.id} room={room} onOpen={() => onOpen(room.id)} />
        ))}
      </tbody>
    </table>
  )
}

function RoomRow({ room, onOpen }: { room: ListedRoom; onOpen: () => void }) {
  const [now] = useState(() => Date.now())
  return (
    <tr>
      <th scope="row">
        <RoomName room={room} onOpen={onOpen} />
      </th>
      <td>
        {room.kind === 'private' ? (
          <Tag look="warning">{m.browse_private()}</Tag>
        ) : (
          <Tag>{m.browse_public()}</Tag>
        )}
      </td>
      <td data-label={m.admin_column_members()}>
        {new Intl.NumberFormat(formatLocale()).format(room.members)}
      </td>
      <td className="admin-faint">
        {room.last === null ? m.admin_rooms_never() : agoText(room.last.at, now, formatLocale())}
      </td>
      <td className="admin-acts">
        <Link
          href={`/admin/rooms/${room.id}`}
          className="icon-button"
          aria-label={m.admin_rooms_messages_of({ room: room.name })}
          data-tip={m.admin_rooms_messages()}
        >
          <MessagesSquare />
        </Link>
      </td>
    </tr>
  )
}

function RoomName({ room, onOpen }: { room: ListedRoom; onOpen: () => void }) {
  return (
    <span className="admin-name">
      <RoomIcon room={room} />
      <span className="admin-words">
        <span>
          <button type="button" aria-label={m.admin_rooms_settings_of({ room: room.name })} onClick={onOpen}>
            <bdi>{room.name}</bdi>
          </button>
          {room.archived && <Tag>{m.browse_archived()}</Tag>}
        </span>
        {room.topic && (
          <span className="admin-faint">
            <bdi>{room.topic}</bdi>
          </span>
        )}
      </span>
    </span>
  )
}
