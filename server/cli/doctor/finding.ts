/** What one check came to. `fix`: what to do, where it is not well. */
export type Finding =
  | { readonly is: 'ok'; readonly says: string }
  | { readonly is: 'warn' | 'fail'; readonly says: string; readonly fix: string }

export const ok = (says: string): Finding => ({ is: 'ok', says })
/** It works, and may come to harm. */
export const warn = (says: string, fix: string): Finding => ({ is: 'warn', says, fix })
/** It does not work, or loses something. */
export const fail = (says: string, fix: string): Finding => ({ is: 'fail', says, fix })

/** Why something did not come about, in as many words as whoever refused it has. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message || error.name : String(error)
}
