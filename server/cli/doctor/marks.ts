import { nameOfMark } from '../../adapters/files/marks.ts'
import type { Files } from '../../core/ports/files.ts'
import type { Finding } from './finding.ts'
import { ok, warn } from './finding.ts'

/** Whether one workspace alone keeps its files there: where two do, neither takes any away. */
export async function checkMarks(files: Pick<Files, 'marks'>): Promise<Finding> {
  const marks = await files.marks()
  if (marks.length < 2) return ok('No two workspaces keep their files here.')
  return warn(
    `${marks.length} workspaces keep their files here, so that none takes away what it no longer needs.`,
    `Give each a directory or a CONFAB_S3_PREFIX of its own, or take away the mark of one that is no more: ${marks.map(nameOfMark).join(', ')}. The log names one's own at each start.`,
  )
}
