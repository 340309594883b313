import type { Output } from '../../../contract/operations.ts'
import { mayAdminister } from '../access.ts'
import type { Answer } from '../answer.ts'
import { isRefusal } from '../answer.ts'
import type { Admitted, NounHandlers } from '../call.ts'
import type { OperationContext } from '../context.ts'
import { stampOf } from '../context.ts'
import { change, write } from '../log/write.ts'
import { setUp } from './setup.ts'

/** The workspace, for those who need not be signed in. */
export const openWorkspaceHandlers = (
  context: OperationContext,
): NounHandlers<'workspace.get' | 'workspace.setUp'> => ({
  'workspace.get': async () => ({ ok: { name: (await context.workspace.look()).name } }),
  'workspace.setUp': call => setUp(context, call),
})

export const workspaceHandlers = (
  context: OperationContext,
): NounHandlers<'workspace.change' | 'bootstrap.get'> => ({
  'workspace.change': call => rename(context, call),
  'bootstrap.get': call => bootstrap(context, call),
})

async function rename(
  context: OperationContext,
  { who, input }: Admitted<'workspace.change'>,
): Promise<Answer<Output<'workspace.change'>>> {
  const workspace = { name: input.name }
  return write(context.writer, async () => ({
    change: change({
      guards: mayAdminister(who.user),
      appends: [
        { topic: 'workspace', event: { e: 'workspace.changed', ...stampOf(context, who), workspace } },
      ],
    }),
    done: outcome => ({
      ok: { workspace, seq: outcome.is === 'done' ? (outcome.appended[0]?.seq ?? 0) : 0 },
    }),
  }))
}

async function bootstrap(
  context: OperationContext,
  { asker }: Admitted<'bootstrap.get'>,
): Promise<Answer<Output<'bootstrap.get'>>> {
  const snapshot = await context.access.snapshot(asker)
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
