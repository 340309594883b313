import type { Problem } from '../../adapters/store/sql/problem.ts'

/** What one check came to. `fix`: what to do, where it is not well. */
export type Finding =
  | { readonly is: 'ok'; readonly says: string }
  | { readonly is: 'warn' | 'fail'; readonly says: string; readonly fix: string }

export const ok = (says: string): Finding => ({ is: 'ok', says })
/** It works, and may come to harm. */
export const warn = (says: string, fix: string): Finding => ({ is: 'warn', says, fix })
/** What a start would refuse. */
export const failOf = ({ says, fix }: Problem): Finding => fail(says, fix)
/** It does not work, or loses something. */
export const fail = (says: string, fix: string): Finding => ({ is: 'fail', says, fix })
