import { useSyncExternalStore } from 'react'
import type { Message, User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { mentionText } from './mention-text.ts'

type Formatting = typeof import('./Markdown.tsx') & typeof import('../../../contract/markdown/plain.ts')

/** What reads marks comes beside the shell: until it is there, texts are shown as they were typed. */
let formatting: Formatting | null = null
const listeners = new Set<() => void>()

/** What did not come is asked for again after this long, ms. */
const againMs = 5_000

function load(): void {
  Promise.all([import('./Markdown.tsx'), import('../../../contract/markdown/plain.ts')]).then(
    ([drawing, plain]) => {
      formatting = { ...drawing, ...plain }
      for (const listener of listeners) listener()
    },
    () => setTimeout(load, againMs),
  )
}
load()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const current = (): Formatting | null => formatting

/** What draws a text with its marks, once it is there. */
export const useFormatting = (): Formatting | null => useSyncExternalStore(subscribe, current)

/** The first letters of a message's text on one line, without its marks as soon as they can be read, and with the names of whom it calls. */
export const plainTextOf = (
  message: Pick<Message, 'text' | 'plain'>,
  users: ReadonlyMap<UserId, User>,
): string =>
  formatting?.plainText(message, undefined, user => mentionText(users, user)) ??
  message.text
    .replace(/\|\|.*/s, '■■■')
    .slice(0, 200)
    .replace(/\s+/g, ' ')
    .trim()
