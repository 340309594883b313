import { createHash } from 'node:crypto'
import type { Files } from '../core/ports.ts'
import { CannotCopy } from './cannot-copy.ts'

/** Copies files and reads each back; answers the hashes of those that are not there, or not what they were. */
export async function copyFiles(
  hashes: Iterable<string>,
  from: Pick<Files, 'get'>,
  to: Pick<Files, 'get' | 'put'>,
): Promise<string[]> {
  const missing: string[] = []
  for (const hash of hashes) {
    const bytes = await from.get(hash)
    if (!bytes || !isOf(bytes, hash)) {
      missing.push(hash)
      continue
    }
    await to.put(bytes)
    const kept = await to.get(hash)
    if (!kept || !isOf(kept, hash))
      throw new CannotCopy(`The file ${hash} is not what was written when it is read back. Check the disk.`)
  }
  return missing
}

/** Of these files, those that are not there or not what they were. */
export async function missingOf(hashes: Iterable<string>, from: Pick<Files, 'get'>): Promise<string[]> {
  const missing: string[] = []
  for (const hash of hashes) {
    const bytes = await from.get(hash)
    if (!bytes || !isOf(bytes, hash)) missing.push(hash)
  }
  return missing
}

const isOf = (bytes: Uint8Array, hash: string): boolean =>
  createHash('sha256').update(bytes).digest('hex') === hash
