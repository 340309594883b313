import type { UserId } from '../ids.ts'

/** A message's text, read: what the page has an element for, and nothing else. Anything else that was written stays text as written. */
export type Inline =
  | { is: 'text'; text: string }
  | { is: 'break' }
  | { is: 'strong' | 'emphasis' | 'strike' | 'spoiler'; children: readonly Inline[] }
  | { is: 'code'; text: string }
  | { is: 'mention'; user: UserId }
  | { is: 'link'; href: string; children: readonly Inline[] }

/**
 * `marks`: what was written before each item of a list ("3.", "1)"), or `null` where that was a bullet. `tasks`: whether each item is done, `null`
 * for one that is no task; left out where none is. `language`: what was written behind the fence of code. `rows`: the first is the head; a row may
 * have fewer cells or more than others. `align`: by column, as the line below the head says.
 */
export type Block =
  | { is: 'paragraph'; children: readonly Inline[] }
  | { is: 'quote'; children: readonly Block[] }
  | {
      is: 'list'
      marks: readonly string[] | null
      items: readonly (readonly Block[])[]
      tasks?: readonly (boolean | null)[]
    }
  | { is: 'code'; text: string; language?: string }
  | { is: 'table'; align: readonly Align[]; rows: readonly (readonly (readonly Inline[])[])[] }

export type Align = 'start' | 'center' | 'end' | null

/** A block that was read from lines. */
export interface FoundBlock {
  block: Block
  /** The line after it. */
  next: number
}
