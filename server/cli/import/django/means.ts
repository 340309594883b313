import type { Pictures } from '../../../core/ports/pictures.ts'
import type { Media } from './media.ts'
import type { MessageText } from './rows.ts'
import type { Target } from './target.ts'

/** What the writing works with. */
export interface Means {
  readonly target: Target
  readonly pictures: Pictures
  /** `null` where no media folder was given: no picture comes. */
  readonly media: Media | null
  readonly textOf: (message: number) => MessageText
  /** Told again and again how many messages are done with. */
  readonly progress: (messages: number) => void
}

/** What came with this run, counted. */
export interface ImportCounts {
  users: number
  placeholders: number
  pictures: number
  rooms: number
  messages: number
  /** Messages that came with earlier runs. */
  messagesHere: number
  /** Messages whose room came with an earlier run and was deleted since. */
  messagesGone: number
}

export const nothingWritten = (): ImportCounts => ({
  users: 0,
  placeholders: 0,
  pictures: 0,
  rooms: 0,
  messages: 0,
  messagesHere: 0,
  messagesGone: 0,
})

/** A list in pieces of at most so many. */
export function* batches<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size)
}
