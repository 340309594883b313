import type { Epoch } from '../../../../contract/ids.ts'
import type { RowSource, RowTarget } from './rows.ts'

/** The workspace that is copied, as it is in one snapshot. */
export interface CopySource extends AsyncDisposable {
  readonly rows: RowSource
  /** Whether a copying before this one has left it already, and may have been killed before or after it finished. */
  readonly left: boolean
  readonly epoch: Epoch
  readonly name: string
  /** From now on no server opens it here; where it went is told to whoever tries. */
  leave(): Promise<void>
}

/** How something is to be copied to a place. */
export interface CopyTargetOptions {
  /** Whence, for people. */
  readonly from: string
  readonly now: number
  /** Whether what people use there may be put aside. */
  readonly replace: boolean
  /** The history that a copying before this one may have brought there, whole. */
  readonly already: Epoch | null
}

/** The place that a workspace is copied to. No server opens it before `finish`; disposing of it before leaves a part, to go on with. */
export interface CopyTarget extends AsyncDisposable {
  readonly rows: RowTarget
  /** Makes it the workspace of its place, durable when it resolves; with another epoch where one is given. */
  finish(epoch: Epoch | null): Promise<void>
}
