/** One setting: an environment variable, and a flag that goes before it. `read` answers `undefined` for what `expects` does not describe. */
export interface Setting<T> {
  readonly variable: string
  readonly flag: string
  /** As it would be written; empty where nothing stands for it. */
  readonly unset: string
  readonly expects: string
  readonly does: string
  /** What was given for it is never repeated. */
  readonly secret?: true
  readonly read: (text: string) => T | undefined
}

/** A setting, whose type is what its `read` answers. */
export const setting = <T>(of: Setting<T>): Setting<T> => of
