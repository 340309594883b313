import { randomBytes } from 'node:crypto'
import type { Epoch } from '../../../../contract/ids.ts'
import { newId } from '../../../../contract/ids.ts'

/** A new history: its epoch, the name until somebody gives one, and the salt of its fingerprints. */
export const newWorkspace = (now: number): [Epoch, string, string] => [
  newId<Epoch>(now),
  'Confab',
  randomBytes(32).toString('hex'),
]
