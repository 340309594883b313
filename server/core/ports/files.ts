/** Bytes by their SHA-256 (hex). `put` is durable when it resolves; a file of that name is whole or not there, and damaged bytes are `Unavailable`. */
export interface Files {
  put(bytes: Uint8Array): Promise<string>
  get(hash: string): Promise<Uint8Array | null>
  remove(hash: string): Promise<void>
  /** All files there are, for collecting what no row names. `at`: when it was put last (Unix ms, by the clock of where it is kept). */
  list(): AsyncIterable<{ readonly hash: string; readonly at: number }>
  /** Leaves the mark of a workspace (43 characters of base64url) that puts files here, beside those of others. It is no file. */
  mark(mark: string): Promise<void>
  marks(): Promise<readonly string[]>
}
