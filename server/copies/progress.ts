import type { CopyWatcher } from '../adapters/store/copy/copy.ts'
import { counted } from './counted.ts'

const everyMs = 100

/**
 * Tells of each table as a line when it is copied and compared; on a terminal, also how far it is, redrawn in place. `now`: ms that never go
 * back.
 */
export function tellTables(
  out: { readonly isTTY?: boolean; write(text: string): unknown },
  now: () => number = () => performance.now(),
): CopyWatcher {
  let at = { doing: '', table: '', rows: 0, done: 0, begun: 0 }
  let drawn = Number.NEGATIVE_INFINITY
  const count = (n: number): string => n.toLocaleString('en')
  return {
    begins(doing, table, rows) {
      at = { doing, table, rows, done: 0, begun: now() }
    },
    goesOn(rows) {
      at.done += rows
      if (!out.isTTY || now() - drawn < everyMs) return
      drawn = now()
      const rate = Math.round((at.done / Math.max(1, now() - at.begun)) * 1_000)
      out.write(
        `\r\u001b[K${at.doing} ${at.table}: ${count(at.done)} of ${counted(at.rows, 'row')}, ${count(rate)} a second`,
      )
    },
    ends({ table, rows, hash }) {
      if (out.isTTY) out.write('\r\u001b[K')
      out.write(`${table}: ${counted(rows, 'row')}, the same when read back (${hash.slice(0, 12)})\n`)
    },
  }
}
