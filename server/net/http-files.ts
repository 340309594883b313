import type { Context, Hono } from 'hono'
import type { AvatarId } from '../../contract/ids.ts'
import { avatarId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Identity, Refusal } from '../core/answer.ts'
import { refuse } from '../core/answer.ts'
import type { Core } from '../core/core.ts'
import type { Files, Log } from '../core/ports.ts'
import { notFound, signedOut } from '../core/refusals.ts'
import { faultOf } from './calls.ts'
import type { HttpGate } from './gate.ts'
import { filePolicy } from './headers.ts'
import type { Bindings } from './http-answer.ts'
import { tell } from './http-answer.ts'
import { tagMatches } from './pages.ts'

export interface FileParts {
  readonly gate: HttpGate
  readonly log: Log
  readonly core: Pick<Core, 'access' | 'setUpPending'>
  readonly files: Files
}

/** GET /files/<id>/<name>: who is asking is checked at every revalidation, so that no cache outlives a right. */
export function addFiles(app: Hono<Bindings>, parts: FileParts): void {
  app.get('/files/:id/:name', async c => {
    const answer = await pictureFor(c, parts)
    if ('error' in answer) return tell(answer, parts.gate.site)
    const tag = `"${answer.hash}"`
    const headers = {
      ETag: tag,
      'Cache-Control': 'private, no-cache',
      'Content-Security-Policy': filePolicy,
      'Content-Type': 'image/webp',
    }
    if (tagMatches(c.req.header('if-none-match'), tag)) return new Response(null, { status: 304, headers })
    const length = { 'Content-Length': String(answer.bytes.length) }
    return new Response(Buffer.from(answer.bytes), { headers: { ...headers, ...length } })
  })
}

async function pictureFor(c: Context<Bindings>, parts: FileParts) {
  if (parts.core.setUpPending()) return refuse('setup_needed', 'This server has no owner yet.')
  const who = await parts.gate.identity(c.env.incoming)
  if (!who) return signedOut
  if ('error' in who) return who
  const id = avatarId.safeParse(c.req.param('id'))
  const side = limits.avatarSizes.find(size => c.req.param('name') === `${size}.webp`)
  if (!id.success || side === undefined) return notFound
  try {
    return await bytesFor(who, id.data, side, parts)
  } catch (error) {
    return faultOf(error, 'files', parts.log, c.env.request)
  }
}

async function bytesFor(
  who: Identity,
  avatar: AvatarId,
  side: number,
  { core, files }: FileParts,
): Promise<{ readonly hash: string; readonly bytes: Uint8Array } | Refusal> {
  const asker = await core.access.asker(who)
  if ('error' in asker) return asker
  const hash = await core.access.avatar(asker, avatar, side)
  if (typeof hash !== 'string') return hash
  const bytes = await files.get(hash)
  return bytes ? { hash, bytes } : notFound
}
