import type { Context, Hono } from 'hono'
import { avatarId } from '../../../contract/id-schemas.ts'
import type { AvatarId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Identity, Refusal } from '../../core/answer.ts'
import { refuse } from '../../core/answer.ts'
import type { Core } from '../../core/core.ts'
import type { Files } from '../../core/ports/files.ts'
import { notFound, signedOut } from '../../core/refusals.ts'
import type { ErrorResponses } from '../error-response.ts'
import type { ReadScheduler } from '../read-scheduler.ts'
import { costOf } from '../read-scheduler.ts'
import type { HttpGate } from './gate.ts'
import { filePolicy } from './headers.ts'
import { tagMatches } from './pages.ts'
import type { Bindings } from './response.ts'
import { respond } from './response.ts'

export interface FileParts {
  readonly gate: HttpGate
  readonly errors: ErrorResponses
  readonly core: Pick<Core, 'access' | 'setUpPending'>
  readonly files: Files
  readonly reads: ReadScheduler
}

/** GET /files/<id>/<name>: who is asking is checked at every revalidation, so that no cache outlives a right. */
export function addFiles(app: Hono<Bindings>, parts: FileParts): void {
  app.get('/files/:id/:name', async c => {
    const answer = await pictureFor(c, parts)
    if ('error' in answer) return respond(answer, parts.gate.site)
    const headers = {
      ETag: tagOf(answer.hash),
      'Cache-Control': 'private, no-cache',
      'Content-Security-Policy': filePolicy,
      'Content-Type': 'image/webp',
    }
    if (!answer.bytes) return new Response(null, { status: 304, headers })
    const length = { 'Content-Length': String(answer.bytes.length) }
    return new Response(Buffer.from(answer.bytes), { headers: { ...headers, ...length } })
  })
}

const tagOf = (hash: string): string => `"${hash}"`

/** What the browser has already is not read again: `bytes` is null then. */
async function pictureFor(
  c: Context<Bindings>,
  parts: FileParts,
): Promise<{ readonly hash: string; readonly bytes: Uint8Array | null } | Refusal> {
  if (parts.core.setUpPending()) return refuse('setup_needed', 'This server has no owner yet.')
  const who = await parts.gate.identity(c.env.incoming)
  if (!who) return signedOut
  if ('error' in who) return who
  const late = parts.reads.refusal(who.user)
  if (late) return late
  const id = avatarId.safeParse(c.req.param('id'))
  const side = limits.avatarSizes.find(size => c.req.param('name') === `${size}.webp`)
  if (!id.success || side === undefined) return notFound
  try {
    const hash = await hashFor(who, id.data, side, parts)
    if (typeof hash !== 'string') return hash
    const isKnown = tagMatches(c.req.header('if-none-match'), tagOf(hash))
    const bytes = isKnown ? null : await parts.files.get(hash)
    // No turn is waited for: files are read beside the event loop.
    parts.reads.charge(who.user, costOf(1, bytes?.length ?? 0))
    if (isKnown) return { hash, bytes }
    return bytes ? { hash, bytes } : notFound
  } catch (error) {
    return parts.errors.refusal(error, 'files', c.env.request)
  }
}

async function hashFor(
  who: Identity,
  avatar: AvatarId,
  side: number,
  { core }: FileParts,
): Promise<string | Refusal> {
  const asker = await core.access.asker(who)
  return 'error' in asker ? asker : core.access.avatar(asker, avatar, side)
}
