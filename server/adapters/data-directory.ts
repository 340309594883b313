import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { CannotOpen } from '../core/ports/failures.ts'
import { notWritten } from './reason.ts'

/**
 * The folder, for its owner alone: what is in it is everybody's private talk.
 * @throws CannotOpen where it is not to be had.
 */
export function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    chmodSync(directory, 0o700)
  } catch (cause) {
    const why = notWritten(refusalOf(directory) ?? cause)
    throw new CannotOpen(`The data directory ${directory} cannot be made or written to: ${why}.`, { cause })
  }
}

/** Making folders within folders fails with ENOENT whatever the reason: the nearest one that is there tells it. */
function refusalOf(path: string): unknown {
  if (!existsSync(path)) return dirname(path) === path ? null : refusalOf(dirname(path))
  try {
    accessSync(path, constants.W_OK)
    return null
  } catch (error) {
    return error
  }
}
