import type { Context, Hono } from 'hono'
import type { AvatarId } from '../../contract/ids.ts'
import { avatarId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Identity, Refusal } from '../core/answer.ts'
import { refuse } from '../core/answer.ts'
import type { Log } from '../core/ports.ts'
import type { Callable } from './calls.ts'
import { faultOf } from './calls.ts'
import type { HttpGate } from './gate.ts'
import { filePolicy } from './headers.ts'
import type { Bindings } from './http-answer.ts'
import { tell } from './http-answer.ts'
import { tagMatches } from './pages.ts'

export interface FileParts {
  readonly gate: HttpGate
  readonly log: Log
  readonly core: Pick<Callable, 'setUpPending'>
  /** A picture's content hash and bytes, through what whoever asks may see; a size that is not kept is none. */
  picture(
    who: Identity,
    avatar: AvatarId,
    side: number,
  ): Promise<{ readonly hash: string; readonly bytes: Uint8Array } | Refusal>
}

const absent = refuse('not_found', 'There is no such file, or none that you may see.')

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
  if (!who) return refuse('signed_out', 'Sign in first.')
  if ('error' in who) return who
  const id = avatarId.safeParse(c.req.param('id'))
  const side = limits.avatarSizes.find(size => c.req.param('name') === `${size}.webp`)
  if (!id.success || side === undefined) return absent
  try {
    return await parts.picture(who, id.data, side)
  } catch (error) {
    return faultOf(error, 'files', parts.log)
  }
}
