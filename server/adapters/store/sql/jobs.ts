import type { ErrorCode } from '../../../../contract/codes.ts'
import type { Seq, SessionId, TokenId, Topic } from '../../../../contract/ids.ts'
import type { Change } from '../../../core/log/change.ts'

/** Everything the writer does, by name: what it is given and what it answers. All of it is data, so that it may cross to a thread. */
export interface Jobs {
  commit: { given: { change: EncodedChange }; answer: Committed }
  sessionSeen: { given: { session: SessionId; at: number }; answer: null }
  tokenUsed: { given: { token: TokenId; at: number }; answer: null }
  expire: {
    given: { idle: number; made: number; devices: number; now: number }
    answer: readonly (SessionId | TokenId)[]
  }
  count: {
    given: { key: string; windowMs: number; now: number }
    answer: { count: number; until: number }
  }
  countReset: { given: { key: string }; answer: null }
  /** Goes a bounded part of the way; answers whether there is more. */
  trim: { given: { before: number; keep: number }; answer: boolean }
}

export type JobName = keyof Jobs
/** What any of them answers. */
export type JobAnswer = Jobs[JobName]['answer']
export type Job = { [Name in JobName]: { do: Name } & Jobs[Name]['given'] }[JobName]

interface EncodedAppend {
  readonly topic: Topic
  readonly body: string
  readonly creates?: true
}

/** A Change whose events are encoded: what is stored is what is sent, and it is encoded once. */
export interface EncodedChange extends Omit<Change, 'appends'> {
  readonly appends: readonly EncodedAppend[]
}

/** `done`: the seqs, in the order of the appends. */
export type Committed =
  | { is: 'done'; seqs: readonly Seq[] }
  | { is: 'already'; seq: Seq; deleted: boolean }
  | { is: 'refused'; code: ErrorCode; field?: string }

/** The database did not take it. `undone`: nothing of it was done; else nobody knows. `full`: for want of room on the disk. `gone`: what it kept was taken away. */
export interface NotTaken {
  readonly unavailable: string
  readonly full: boolean
  readonly gone?: true
  readonly undone: boolean
}

/** What one job came to. `failed` is a bug in what was asked: this job alone was undone. */
export type JobResult<Answer> = { answer: Answer } | { failed: string } | NotTaken

/** What a batch came to: what is answered is durable. */
export type BatchResult<Answer> = { results: readonly JobResult<Answer>[] } | NotTaken
