import type { WriteStep } from './write.ts'

/**
 * Tells the nodes that share the database who may not hear or read a room any more (see `Removal`); each is SQL over what the write is
 * given. Sessions and tokens are told of by triggers, whatever deletes them; these need the seq in the room's log, which only the write knows.
 * The row of `workspace` is the last lock of a batch (decision 19): none of a batch's own locks is taken after it. What crosses
 * all the same, such as a unique name that another batch is taking or an event whose text goes, PostgreSQL undoes as a deadlock, and it is done again.
 */
export const rightsEnded = (of: { who: string; room: string; seq: string }): readonly WriteStep[] => [
  { run: 'UPDATE workspace SET ended = ended + 1' },
  {
    run: `INSERT INTO endings (seq, id, room, room_seq) SELECT ended, ${of.who}, ${of.room}, ${of.seq} FROM workspace`,
  },
]
