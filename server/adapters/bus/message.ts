import { createHash } from 'node:crypto'
import { topic as topicForm } from '../../../contract/id-schemas.ts'
import type { Seq, Topic } from '../../../contract/ids.ts'
import type { Announcement } from '../../core/ports/bus.ts'

/**
 * What goes over a channel between nodes: a header line, and the bytes as they are. An event's JSON holds no raw line break, so the
 * bodies stand a line each and are never encoded again.
 *
 *     a <node> <topic> <seq> <how many> <at>     an announcement, and when it was published, Unix ms; a body a line
 *     s <node> <topic or *>                      a signal; its text
 *     d <node>                                   that node dropped some
 */
type BusMessage =
  | {
      readonly is: 'announcement'
      readonly from: string
      readonly at: number
      readonly announcement: Announcement
    }
  | { readonly is: 'signal'; readonly from: string; readonly signal: string }
  | { readonly is: 'dropped'; readonly from: string }

export const announcementMessage = (from: string, { topic, seq, bodies }: Announcement, at: number): string =>
  `a ${from} ${topic} ${seq} ${bodies.length} ${at}\n${bodies.join('\n')}`

export const signalMessage = (from: string, signal: string, topic?: Topic): string =>
  `s ${from} ${topic ?? '*'}\n${signal}`

export const droppedMessage = (from: string): string => `d ${from}\n`

/**
 * Reads a message; `malformed` where it is none. `passes` decides by the header alone whether the rest is read: null where it is not,
 * which costs no more than the header.
 */
export function readMessage(
  text: string,
  passes: (topic: Topic | null) => boolean,
): BusMessage | 'malformed' | null {
  const line = text.indexOf('\n')
  if (line < 0 || line > longestHeader) return 'malformed'
  const [kind, from = '', about = '', ...numbers] = text.slice(0, line).split(' ')
  if (!nodeForm.test(from)) return 'malformed'
  const rest = () => text.slice(line + 1)
  if (kind === 'd' && about === '') return passes(null) ? { is: 'dropped', from } : null
  const topic = topicOf(about)
  if (topic === undefined) return 'malformed'
  if (kind === 's' && numbers.length === 0)
    return passes(topic) ? { is: 'signal', from, signal: rest() } : null
  if (kind !== 'a' || topic === null || numbers.length !== 3) return 'malformed'
  const [seq, many, at] = numbers.map(wholeNumber) as [Seq, number, number]
  if (!(seq >= 1 && many >= 1 && at >= 1)) return 'malformed'
  if (!passes(topic)) return null
  const bodies = rest().split('\n')
  return bodies.length === many
    ? { is: 'announcement', from, at, announcement: { topic, seq, bodies } }
    : 'malformed'
}

/** Which of so many channels carries a topic: the same on every node. */
export function shardOf(topic: Topic, shards: number): number {
  return createHash('sha1').update(topic).digest().readUInt32BE() % shards
}

const longestHeader = 200
const nodeForm = /^[0-9a-z-]{1,64}$/

const topicOf = (word: string): Topic | null | undefined => {
  if (word === '*') return null
  return topicForm.safeParse(word).success ? (word as Topic) : undefined
}

const wholeNumber = (word: string): number => (/^[1-9]\d{0,15}$/.test(word) ? Number(word) : 0)
