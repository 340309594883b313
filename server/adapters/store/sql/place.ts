import type { EventName, EventOf } from '../../../../contract/events.ts'
import type { RoomId, Seq, UserId } from '../../../../contract/ids.ts'
import type { Once } from '../../../core/change.ts'

/** Where an event stands, and the id its change was made under. Of `room` and `user` there is the one whose log it is, else ''. */
export interface Place {
  readonly seq: Seq
  readonly room: RoomId
  readonly user: UserId
  readonly once: Once | undefined
}

export type Folds<Names extends EventName> = {
  readonly [Name in Names]: (event: EventOf<Name>, at: Place) => void
}

/** What an event is about has to be there: where it is not, the change was built wrongly and is undone. */
export function found(result: { changes: number }, what: string): void {
  if (result.changes !== 1) throw new Error(`There is no ${what}.`)
}
