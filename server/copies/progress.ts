import type { Watcher } from '../adapters/store/copy/copy.ts'

const everyMs = 100

/**
 * Tells of each table as a line when it is copied and compared; on a terminal, also how far it is, redrawn in place. `now`: ms that never go
 * back.
 */
export function tellTables(
  out: { readonly isTTY?: boolean; write(text: string): unknown },
  now: () => number = () => performance.now(),
): Watcher {
  let [table, of, done, begun] = ['', 0, 0, 0]
  let drawn = Number.NEGATIVE_INFINITY
  const count = (n: number): string => n.toLocaleString('en')
  const draw = (doing: string): void => {
    if (!out.isTTY || now() - drawn < everyMs) return
    drawn = now()
    const rate = Math.round((done / Math.max(1, now() - begun)) * 1_000)
    out.write(`\r\u001b[K${table}: ${count(done)} of ${count(of)} rows ${doing}, ${count(rate)} a second`)
  }
  return {
    begins(name, rows) {
      ;[table, of, done, begun] = [name, rows, 0, now()]
    },
    copied(rows) {
      done += rows
      if (done === rows && rows > of) of = rows
      draw('copied')
    },
    compared(rows) {
      // What is read back is counted from the beginning.
      if (done >= of) [done, begun] = [0, now()]
      done += rows
      draw('compared')
    },
    ends({ table, rows, hash }) {
      if (out.isTTY) out.write('\r\u001b[K')
      out.write(`${table}: ${count(rows)} rows, the same when read back (${hash.slice(0, 12)})\n`)
    },
  }
}
