import type { Folds } from './step.ts'

export const foldReads: Folds<'read.moved' | 'room.hidden'> = {
  'read.moved': {
    params: event => ({ where: event.room, to: event.seq }),
    steps: [
      {
        run: 'UPDATE memberships SET read = #to WHERE room = @where AND "user" = @user',
        found: 'such member',
      },
    ],
  },
  'room.hidden': {
    params: event => ({ where: event.room, to: event.seq }),
    steps: [
      {
        run: 'UPDATE memberships SET hidden = #to WHERE room = @where AND "user" = @user',
        found: 'such member',
      },
    ],
  },
}
