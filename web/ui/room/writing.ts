import type { Message } from '../../../contract/entities.ts'

/**
 * What the box is for: something new, maybe an answer to a message; or a change of a message. `restore` puts the text of a row that was
 * not sent back in the box.
 */
export type Writing =
  | { is: 'new'; quote: Message | null }
  | { is: 'edit'; message: Message }
  | { is: 'restore'; text: string }
