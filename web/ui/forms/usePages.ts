import { useState } from 'react'

export interface Paged<T> {
  /** What is on the page that is shown. */
  readonly shown: readonly T[]
  /** How many come before it. */
  readonly from: number
  readonly all: number
  readonly page: number
  readonly pages: number
  readonly goTo: (page: number) => void
}

/** A long list a page at a time. A list that got shorter shows its last page. */
export function usePages<T>(list: readonly T[], size = 50): Paged<T> {
  const [wanted, goTo] = useState(0)
  const pages = Math.max(1, Math.ceil(list.length / size))
  const page = Math.min(wanted, pages - 1)
  const from = page * size
  return { shown: list.slice(from, from + size), from, all: list.length, page, pages, goTo }
}
