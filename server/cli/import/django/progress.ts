/** Shows how far something is. `done` is called again and again; `end` leaves no trace. */
export interface Progress {
  done(count: number): void
  end(): void
}

const width = 30
const everyMs = 100
/** What is shorter is over before anybody has read it. */
const fewest = 2_000

/** A bar on a terminal, redrawn in place; nothing where nobody looks or there is little to do. `now`: ms that never go back. */
export function progressBar(
  out: { readonly isTTY?: boolean; write(text: string): unknown },
  of: { readonly total: number; readonly what: string },
  now: () => number = () => performance.now(),
): Progress {
  if (!out.isTTY || of.total < fewest) return { done: () => {}, end: () => {} }
  let drawn = Number.NEGATIVE_INFINITY
  return {
    done(count) {
      if (now() - drawn < everyMs) return
      drawn = now()
      const share = Math.min(1, count / of.total)
      const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░')
      out.write(
        `\r${bar} ${Math.floor(share * 100)} %  ${count.toLocaleString('en')} of ${of.total.toLocaleString('en')} ${of.what}`,
      )
    },
    end: () => void out.write('\r\u001b[K'),
  }
}
