import { Plus, SearchX, Shapes } from 'lucide-react'
import { useState } from 'react'
import type { Room } from '../../../contract/entities.ts'
import type { RoomId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { PagePane } from '../account/PagePane.tsx'
import { useSelect } from '../client.tsx'
import { CreateRoomDialog } from '../dialogs/CreateRoomDialog.tsx'
import { Pager } from '../forms/Pager.tsx'
import { SearchField } from '../forms/SearchField.tsx'
import { useAnswer } from '../forms/useAnswer.ts'
import { usePages } from '../forms/usePages.ts'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { CreateNamed } from '../rooms/CreateNamed.tsx'
import { rank } from '../shell/rank.ts'
import { BrowsedRoom } from './BrowsedRoom.tsx'
import './Browse.css'

/** `/browse`: every room that one can see, to be joined, opened and left. */
export function Browse() {
  const [text, setText] = useState('')
  const [creating, setCreating] = useState(false)
  const rooms = useSelect(snapshot => snapshot.rooms)
  const { members, again } = useMemberCounts()
  const found = rank(listed(rooms), room => [room.name, room.topic], text, Number.POSITIVE_INFINITY)
  const paged = usePages(found)
  const search = (typed: string) => {
    setText(typed)
    paged.goTo(0)
  }
  const create = (
    <Button look="primary" size="small" icon={<Plus />} onClick={() => setCreating(true)}>
      {m.browse_create()}
    </Button>
  )
  return (
    <PagePane title={m.browse_title()} action={create}>
      <div className="browse">
        <SearchField label={m.browse_search()} value={text} onSearch={search} />
        {found.length === 0 ? (
          <Nothing searched={text.trim()} />
        ) : (
          <ul className="browse-list">
            {paged.shown.map(room => (
              <BrowsedRoom key={room.id} room={room} members={members?.get(room.id)} onMoved={again} />
            ))}
          </ul>
        )}
        <Pager paged={paged} />
      </div>
      {creating && <CreateRoomDialog onClose={() => setCreating(false)} />}
    </PagePane>
  )
}

function Nothing({ searched }: { searched: string }) {
  return searched ? (
    <EmptyState icon={<SearchX />} title={m.browse_not_found()} action={<CreateNamed name={searched} />}>
      {m.browse_not_found_says()}
    </EmptyState>
  ) : (
    <EmptyState icon={<Shapes />} title={m.browse_none()}>
      {m.browse_none_says()}
    </EmptyState>
  )
}

/** By name; archived ones after all others. */
const listed = (rooms: ReadonlyMap<RoomId, Room>): Room[] =>
  [...rooms.values()]
    .filter(room => room.kind !== 'direct')
    .sort((a, b) => Number(a.archived) - Number(b.archived) || a.name.localeCompare(b.name))

/** How many are in each room, as of the last time it was asked for. */
function useMemberCounts() {
  const { answer, again } = useAnswer('rooms.list', {})
  const members =
    answer && 'ok' in answer ? new Map(answer.ok.rooms.map(room => [room.id, room.members])) : null
  return { members, again }
}
