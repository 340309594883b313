import type { ReactNode } from 'react'
import { createElement } from 'react'
import type { Align } from '../../../contract/markdown/tree.ts'
import { m } from '../../paraglide/messages.js'
import { useTabStop } from '../parts/tab-stops.ts'

/** A table in a box that scrolls sideways. */
export function TableBlock({
  align,
  rows: [head = [], ...rows],
}: {
  align: readonly Align[]
  rows: readonly (readonly ReactNode[])[]
}) {
  const cells = (row: readonly ReactNode[], kind: 'th' | 'td') =>
    row.map((cell, n) =>
      createElement(kind, { key: n, dir: 'auto', 'data-align': align[n] ?? undefined }, cell),
    )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
    <section className="table-box" aria-label={m.chat_table()} tabIndex={0} {...useTabStop()}>
      <table>
        <thead>
          <tr>{cells(head, 'th')}</tr>
        </thead>
        <tbody>
          {rows.map((row, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row has nothing but its place.
            <tr key={n}>{cells(row, 'td')}</tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
