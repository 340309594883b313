import type { ServerFrame } from '../../contract/frames.ts'
import { encodeFrame } from '../../contract/frames.ts'
import type { Answer } from '../core/answer.ts'
import type { Encoded } from './serve.ts'

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
