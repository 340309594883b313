import { createHash } from 'node:crypto'

/** What is kept is not what was put. */
export class Damaged extends Error {}

/** What the name of a file is. */
export const fileForm = /^[0-9a-f]{64}$/

/** @throws TypeError where it is not a SHA-256 in hex: names of files are made here alone. */
export function assertNameOfFile(hash: string): void {
  if (!fileForm.test(hash)) throw new TypeError('not the name of a file')
}

/** The bytes, if they are what was put under this hash. What a disk or a service has damaged is never served. */
export function verified(hash: string, bytes: Uint8Array): Uint8Array {
  if (createHash('sha256').update(bytes).digest('hex') === hash) return bytes
  throw new Damaged(`the file ${hash} is damaged: its bytes are not those that were put`)
}
