import type { UserId } from '../../contract/ids.ts'
import type { Operation } from '../../contract/operations/operation.ts'
import type { OperationName } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import type { Access, Asker } from './access.ts'
import { StoreAccess } from './access.ts'
import type { Answer, Identity, Refusal } from './answer.ts'
import { isRefusal } from './answer.ts'
import type { Proof } from './authentication/authentication.ts'
import { Authentication } from './authentication/authentication.ts'
import { refuseUnconfirmed } from './authentication/confirmation.ts'
import type { Passwords } from './authentication/passwords.ts'
import { createPasswords } from './authentication/passwords.ts'
import type { Random } from './authentication/secrets.ts'
import { systemRandom } from './authentication/secrets.ts'
import { Background } from './background.ts'
import type { Admitted, Call, Handlers, Identified, NounHandlers } from './call.ts'
import type { OperationContext } from './context.ts'
import { FileStore } from './file-store.ts'
import { keepHouse } from './housekeeping.ts'
import type { RateSettings, Rates } from './limits/rates.ts'
import { createRates } from './limits/rates.ts'
import { readHandlers } from './limits/reads.ts'
import type { Writer } from './log/writer.ts'
import { messageHandlers } from './operations/messages.ts'
import { directHandlers } from './operations/rooms/direct.ts'
import { memberHandlers } from './operations/rooms/members.ts'
import { roomHandlers } from './operations/rooms/rooms.ts'
import { sessionHandlers } from './operations/sessions.ts'
import { hasPeople } from './operations/setup.ts'
import { tokenHandlers } from './operations/tokens.ts'
import { userHandlers } from './operations/users/administration.ts'
import { profileHandlers } from './operations/users/profile.ts'
import { accountHandlers, openAccountHandlers } from './operations/users/sign-in.ts'
import { openWorkspaceHandlers, workspaceHandlers } from './operations/workspace.ts'
import type { Clock } from './ports/clock.ts'
import type { Files } from './ports/files.ts'
import type { Log } from './ports/log.ts'
import type { Pictures } from './ports/pictures.ts'
import type { Store } from './ports/store.ts'
import type { NodeSignals } from './presence/node-signals.ts'
import { WorkspaceCache } from './workspace-cache.ts'

/** What the chat is built on. `setupCode`: what makes the first owner; null where none is to be made. */
export interface CoreParts {
  readonly store: Store
  readonly writer: Writer
  readonly files: Files
  readonly pictures: Pictures
  readonly clock: Clock
  readonly log: Log
  readonly limits: 'on' | 'off'
  readonly rates?: RateSettings
  readonly setupCode: string | null
  /** What nodes say to one another; without it there is one node. */
  readonly signals?: NodeSignals
  readonly random?: Random
  readonly passwords?: Passwords
}

/** What chat is: the whole table of operations, and who is asking. */
export interface Core extends AsyncDisposable {
  readonly handlers: Handlers
  readonly access: Access
  /** Who that is, if the secret is good now and its user is active. A secret that is empty, cut or of another form is nobody's. */
  identify(proof: Proof): Promise<Identity | null>
  /** Whether the session or token that somebody was identified by has not ended since. */
  isAlive(who: Identity): Promise<boolean>
  /** Whether this person's call would be refused for its rate: what is asked before its input is looked at. Nothing is taken. */
  rateLimitRefusal(name: OperationName, user: UserId): Refusal | null
  /** Whether there is no owner yet. True until `start`. */
  setUpPending(): boolean
  /** While that pends, another node may have been set up: looks anew. */
  lookForSetUp(): Promise<void>
  /** Whether an import brought people before there was an owner. */
  hasImportedPeople(): Promise<boolean>
  /** Goes on with what was interrupted, and begins what is done by the clock. */
  start(): Promise<void>
}

export function createCore(parts: CoreParts): Core {
  const background = new Background(parts.log)
  const context = contextOf(parts, background)
  let house: Disposable | null = null
  return {
    handlers: handlersOf(context),
    access: context.access,
    identify: proof => context.authentication.identify(proof),
    isAlive: who => context.authentication.isAlive(who),
    rateLimitRefusal: (name, user) => rateLimitRefusalOf(context.rates, name, user),
    setUpPending: () => !context.workspace.setUp,
    lookForSetUp: async () => void (await context.workspace.look()),
    hasImportedPeople: async () => !context.workspace.setUp && (await hasPeople(parts.store)),
    start: async () => {
      await context.workspace.look()
      house ??= keepHouse(context)
    },
    [Symbol.asyncDispose]: async () => {
      house?.[Symbol.dispose]()
      context.rates[Symbol.dispose]()
      await background[Symbol.asyncDispose]()
    },
  }
}

/** An operation that carries bytes is a picture. */
function rateLimitRefusalOf(rates: Rates, name: OperationName, user: UserId): Refusal | null {
  const { method, bytes }: Operation = operations[name]
  if (method === 'GET') return null
  if (name === 'messages.post') return rates.rateLimitRefusal('posts', user)
  return rates.rateLimitRefusal('changes', user) ?? (bytes ? rates.rateLimitRefusal('pictures', user) : null)
}

function contextOf(parts: CoreParts, background: Background): OperationContext {
  const random = parts.random ?? systemRandom
  return {
    ...parts,
    random,
    access: new StoreAccess(parts.store),
    passwords: parts.passwords ?? createPasswords({ random }),
    rates: createRates(parts),
    authentication: new Authentication({ ...parts, random }),
    fileStore: new FileStore(parts),
    workspace: new WorkspaceCache(parts.store),
    purging: new Set(),
    background: task => background.run(task),
  }
}

function handlersOf(context: OperationContext): Handlers {
  const handlers: NounHandlers = {
    ...openWorkspaceHandlers(context),
    ...openAccountHandlers(context),
    ...workspaceHandlers(context),
    ...accountHandlers(context),
    ...profileHandlers(context),
    ...sessionHandlers(context),
    ...tokenHandlers(context),
    ...userHandlers(context),
    ...roomHandlers(context),
    ...memberHandlers(context),
    ...directHandlers(context),
    ...readHandlers(context),
    ...messageHandlers(context),
  }
  const entries = Object.entries(handlers).map(([name, handler]) => [
    name,
    // Each name is paired with its own handler, which the compiler cannot follow through the entries.
    answering(context, name as OperationName, handler as AnyHandler),
  ])
  return Object.fromEntries(entries)
}

type AnyHandler = (
  call: Omit<Admitted<OperationName>, 'who'> & { who: Identity | null; asker?: Asker },
) => Promise<Answer<unknown>>

/** What holds for every operation that needs an identity, before its noun is asked. */
function answering(
  context: OperationContext,
  name: OperationName,
  handler: AnyHandler,
): (call: Call<OperationName>) => Promise<Answer<unknown>> {
  const { who: needed, method }: Operation = operations[name]
  return async ({ admission: { who }, ...call }) => {
    if (!who || needed === 'anyone') return handler({ ...call, who })
    const late = method === 'GET' || name === 'messages.post' ? null : context.rates.change(who.user)
    if (late) return late
    const asker = await askerOf(context, name, who)
    if (asker && isRefusal(asker)) return asker
    const unconfirmed = await refuseUnconfirmed(context, name as Identified, { ...call, who, asker })
    if (unconfirmed) return unconfirmed
    const answer = await handler({ ...call, who, ...(asker && { asker }) })
    if (isRefusal(answer)) return answer
    if (context.authentication.isNews(who)) context.background(() => context.authentication.used(who))
    if (needed === 'administrator' && method !== 'GET')
      context.log.info(
        { request: call.request, operation: name, by: who.user, on: subject(call.input) },
        'Administrative action.',
      )
    return answer
  }
}

/** Null for other writes: their guards say who may, under the lock, and nothing is read before them that need not be. */
function askerOf(
  { access }: OperationContext,
  name: OperationName,
  who: Identity,
): Promise<Asker | Refusal> | null {
  const { who: needed, method }: Operation = operations[name]
  if (needed === 'administrator') return access.administrator(who)
  return method === 'GET' ? access.asker(who) : null
}

/** The id of what was acted on. */
const subject = (input: object): unknown => ('id' in input ? input.id : undefined)
