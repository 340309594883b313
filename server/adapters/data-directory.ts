import { chmodSync, mkdirSync } from 'node:fs'
import { CannotOpen } from '../core/ports/failures.ts'

/**
 * The folder, for its owner alone: what is in it is everybody's private talk.
 * @throws CannotOpen where it is not to be had.
 */
export function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    chmodSync(directory, 0o700)
  } catch (cause) {
    throw new CannotOpen(`The data directory ${directory} cannot be made or written to.`, { cause })
  }
}
