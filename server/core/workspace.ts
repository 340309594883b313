import type { Output } from '../../contract/operations.ts'
import { mayAdminister } from './access.ts'
import type { Answer, Handlers, Known, KnownHandlers } from './answer.ts'
import { isRefusal } from './answer.ts'
import { setUp } from './setup.ts'
import type { Workings } from './workings.ts'
import { stampOf } from './workings.ts'
import { change, write } from './write.ts'

/** The workspace, for those who need not be signed in. */
export const openWorkspaceHandlers = (w: Workings): Handlers<'workspace.get' | 'workspace.setUp'> => ({
  'workspace.get': async () => ({ ok: { name: (await w.workspace.look()).name } }),
  'workspace.setUp': call => setUp(w, call),
})

export const workspaceHandlers = (w: Workings): KnownHandlers<'workspace.change' | 'bootstrap.get'> => ({
  'workspace.change': call => rename(w, call),
  'bootstrap.get': call => bootstrap(w, call),
})

async function rename(
  w: Workings,
  { who, input }: Known<'workspace.change'>,
): Promise<Answer<Output<'workspace.change'>>> {
  const workspace = { name: input.name }
  return write(w.writer, async () => ({
    change: change({
      guards: mayAdminister(who.user),
      appends: [{ topic: 'workspace', event: { e: 'workspace.changed', ...stampOf(w, who), workspace } }],
    }),
    done: outcome => ({
      ok: { workspace, seq: outcome.is === 'done' ? (outcome.appended[0]?.seq ?? 0) : 0 },
    }),
  }))
}

async function bootstrap(
  w: Workings,
  { who }: Known<'bootstrap.get'>,
): Promise<Answer<Output<'bootstrap.get'>>> {
  const asker = await w.access.asker(who)
  if (isRefusal(asker)) return asker
  const snapshot = await w.access.snapshot(asker)
  if (isRefusal(snapshot)) return snapshot
  const { workspace, me, users, rooms, memberships, unread, cursors } = snapshot
  return {
    ok: {
      epoch: workspace.epoch,
      workspace: { name: workspace.name },
      me: { ...me },
      users: [...users],
      rooms: [...rooms],
      memberships: [...memberships],
      unread: { ...unread },
      cursors: { ...cursors },
    },
  }
}
