import type * as z from 'zod/mini'
import type { CloseCode } from '../../../contract/codes.ts'
import type { ClientFrame, Hello, ServerFrame, WireError } from '../../../contract/frames.ts'
import { clientFrame, encodeFrame, hello } from '../../../contract/frames.ts'
import { protocolVersion } from '../../../contract/protocol.ts'
import type { Answer } from '../../core/answer.ts'
import { countEntries, frameSize, helloSize } from '../input-size.ts'
import type { Encoded } from '../serve.ts'

/**
 * One WebSocket text frame over a text, unmasked as a server sends it (RFC 6455, section 5.2). It is made once and written to any number
 * of sockets as it is.
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(header + length)
  frame[0] = 0x81
  if (header === 2) frame[1] = length
  else if (header === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, header)
  return frame
}

export const framed = (frame: ServerFrame): Buffer => textFrame(encodeFrame(frame))

/** The answer of a call as the frame that its caller gets. */
export function replyOf(ref: number, answer: Answer<unknown>): Encoded<Buffer> {
  const value = framed({ t: 'reply', ref, ...('ok' in answer ? { ok: answer.ok } : { error: answer.error }) })
  return { value, bytes: value.length }
}

type Closing = { close: CloseCode; reason: string }
type Wrong = { error: WireError; ref?: number }
export type Rejected = Closing | Wrong

/** The first frame. What is no hello closes; a hello with a wrong field is an error, and may be said again (P1). */
export function readHello(text: string): { hello: Hello } | Rejected {
  const counted = countEntries(text, helloSize)
  if ('error' in counted) return counted
  const value = object(text)
  if (value === null) return { close: 4002, reason: 'A frame is one JSON object.' }
  if (value.t !== 'hello') return { close: 4002, reason: 'The first frame is a hello.' }
  if (value.v !== protocolVersion)
    return { close: 4003, reason: `This server speaks version ${protocolVersion} of the protocol.` }
  const read = hello.safeParse(value)
  return read.success ? { hello: read.data } : { error: wrong(read.error) }
}

/** Every later frame, with how many fields and list items it has. `ref` is told where a call was meant, so that its caller is answered. */
export function readFrame(text: string): { frame: ClientFrame; entries: number } | Rejected {
  const counted = countEntries(text, frameSize)
  if ('error' in counted) return { ...counted, ...refBefore(text) }
  const value = object(text)
  if (value === null) return { close: 4002, reason: 'A frame is one JSON object.' }
  if (value.t === 'hello') return { close: 4002, reason: 'A hello is said once.' }
  const read = clientFrame.safeParse(value)
  if (read.success) return { frame: read.data, entries: counted.entries }
  const error = wrong(read.error)
  const ref = value.t === 'call' && Number.isSafeInteger(value.ref) ? (value.ref as number) : undefined
  return ref === undefined ? { error } : { error, ref }
}

/** What is sent to whoever sent it. */
export const refusalFrame = ({ error, ref }: Wrong): ServerFrame =>
  ref === undefined ? { t: 'error', ...error } : { t: 'reply', ref, error }

/** The number of a call that is not parsed, where its frame begins with it, as clients write it. */
function refBefore(text: string): { readonly ref?: number } {
  const ref = /^\s*\{\s*"t"\s*:\s*"call"\s*,\s*"ref"\s*:\s*(\d{1,15})\s*,/.exec(text.slice(0, 100))?.[1]
  return ref === undefined ? {} : { ref: Number(ref) }
}

function object(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** So much is told of a name that is not known, in UTF-16 units. */
const maxNameLength = 100

function wrong(error: z.core.$ZodError): WireError {
  const issue = error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const field = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])]
    .join('.')
    .slice(0, maxNameLength)
  const message =
    unknown === undefined
      ? `The field ${field} is not of its form.`
      : `There is no field ${field} in this frame.`
  return { code: 'invalid', message, ...(field === '' ? {} : { field }) }
}
