import { Unavailable } from '../core/ports/failures.ts'
import type { Files } from '../core/ports/files.ts'
import { CannotCopy } from './cannot-copy.ts'

/** Copies files and reads each back; answers the hashes of those that are not there, or not what they were. */
export async function copyFiles(
  hashes: Iterable<string>,
  from: Pick<Files, 'get'>,
  to: Pick<Files, 'get' | 'put'>,
): Promise<string[]> {
  const missing: string[] = []
  for (const hash of hashes) {
    const bytes = await wholeOf(hash, from)
    if (!bytes) {
      missing.push(hash)
      continue
    }
    await to.put(bytes)
    if (!(await wholeOf(hash, to)))
      throw new CannotCopy(`The file ${hash} is not what was written when it is read back. Check the disk.`)
  }
  return missing
}

/** Of these files, those that are not there or not what they were. */
export async function missingOf(hashes: Iterable<string>, from: Pick<Files, 'get'>): Promise<string[]> {
  const missing: string[] = []
  for (const hash of hashes) {
    if (!(await wholeOf(hash, from))) missing.push(hash)
  }
  return missing
}

/** Null where it is not there, or damaged. Files that cannot be read for another reason are nobody's loss yet. */
async function wholeOf(hash: string, files: Pick<Files, 'get'>): Promise<Uint8Array | null> {
  try {
    return await files.get(hash)
  } catch (error) {
    if (error instanceof Unavailable && error.damaged) return null
    throw error
  }
}
