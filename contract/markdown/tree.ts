/** A message's text, read: what the page has an element for, and nothing else. Anything else that was written stays text as written. */
export type Inline =
  | { is: 'text'; text: string }
  | { is: 'break' }
  | { is: 'strong' | 'emphasis' | 'strike'; children: readonly Inline[] }
  | { is: 'code'; text: string }
  | { is: 'link'; href: string; children: readonly Inline[] }

/** `marks`: what was written before each item ("3.", "1)"), or `null` where that was a bullet. */
export type Block =
  | { is: 'paragraph'; children: readonly Inline[] }
  | { is: 'quote'; children: readonly Block[] }
  | { is: 'list'; marks: readonly string[] | null; items: readonly (readonly Block[])[] }
  | { is: 'code'; text: string }
