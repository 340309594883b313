import * as z from 'zod/mini'
import { closeCodes, errorCodes } from '../../contract/codes.ts'
import { roomEvent, userEvent, workspaceEvent } from '../../contract/events.ts'

/* What a server may send, frame by frame, as docs/SPEC.md has it: written apart from the contract's types, which the compiler alone holds. */

const uuid = z
  .string()
  .check(z.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'must be a UUID'))
const topic = z
  .string()
  .check(z.regex(/^(workspace|(user|room):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/, 'must be a topic'))
const seq = z.int().check(z.nonnegative())
const wireError = {
  code: z.enum(Object.keys(errorCodes) as [string, ...string[]]),
  message: z.string().check(z.minLength(1)),
  field: z.optional(z.string()),
  retryAfter: z.optional(z.number().check(z.nonnegative())),
}

const shapes = {
  welcome: z.strictObject({
    t: z.literal('welcome'),
    epoch: uuid,
    me: uuid,
    session: uuid,
    node: z.string().check(z.minLength(1)),
    heads: z.record(topic, seq),
  }),
  events: z.strictObject({
    t: z.literal('events'),
    topic,
    seq: z.int().check(z.positive()),
    events: z
      .array(z.looseObject({ e: z.string(), by: uuid, at: z.int() }))
      .check(z.minLength(1), z.maxLength(1_000)),
  }),
  reset: z.strictObject({
    t: z.literal('reset'),
    topic,
    head: seq,
    why: z.enum(['new', 'behind', 'ahead', 'epoch']),
  }),
  gone: z.strictObject({ t: z.literal('gone'), topic }),
  reply: z.union([
    z.strictObject({ t: z.literal('reply'), ref: z.int(), ok: z.unknown() }),
    z.strictObject({ t: z.literal('reply'), ref: z.int(), error: z.strictObject(wireError) }),
  ]),
  error: z.strictObject({ t: z.literal('error'), ...wireError }),
  signal: z.discriminatedUnion('s', [
    z.strictObject({ t: z.literal('signal'), s: z.literal('typing'), room: uuid, user: uuid }),
    z.strictObject({
      t: z.literal('signal'),
      s: z.literal('presence'),
      user: uuid,
      state: z.enum(['online', 'offline']),
    }),
  ]),
  pong: z.strictObject({ t: z.literal('pong') }),
  bye: z.strictObject({
    t: z.literal('bye'),
    code: z.int().check(z.refine(code => String(code) in closeCodes, 'must be a close code of the table')),
    reason: z.string(),
    after: z.optional(z.int().check(z.nonnegative())),
  }),
}

type Shapes = typeof shapes
export type StrictFrame = { [T in keyof Shapes]: z.infer<Shapes[T]> }[keyof Shapes]
export type FrameOf<T extends StrictFrame['t']> = Extract<StrictFrame, { t: T }>

const eventsOf = (name: string) =>
  name === 'workspace' ? workspaceEvent : name.startsWith('user:') ? userEvent : roomEvent

const told = ({ issues }: z.core.$ZodError): string =>
  issues
    .map(issue => [issue.code, ...issue.path, ...('keys' in issue ? issue.keys : [])].join(' '))
    .join('; ')

/** Why a text is no frame of the protocol; the frame where it is one. */
export function strictFrame(text: string): { frame: StrictFrame } | { wrong: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { wrong: 'is not JSON' }
  }
  const t = typeof value === 'object' && value !== null && 't' in value ? value.t : undefined
  if (typeof t !== 'string' || !Object.hasOwn(shapes, t)) return { wrong: 'is of no known kind' }
  const read = shapes[t as keyof Shapes].safeParse(value)
  if (!read.success) return { wrong: told(read.error) }
  const frame = read.data
  const wrong = frame.t === 'events' ? wrongEvent(frame) : null
  return wrong === null ? { frame } : { wrong }
}

/** An event stands in a log of its kind, whole, with no field that the contract does not know. */
function wrongEvent({ topic: name, seq: first, events }: FrameOf<'events'>): string | null {
  const schema = eventsOf(name)
  for (const [n, event] of events.entries()) {
    const read = schema.safeParse(event)
    if (!read.success) return `seq ${first + n}: ${told(read.error)}`
    const unknown = Object.keys(event).filter(key => !(key in read.data))
    if (unknown.length > 0) return `seq ${first + n}: has unknown fields: ${unknown.join(', ')}`
  }
  return null
}
