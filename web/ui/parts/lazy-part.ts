import type { ComponentType, LazyExoticComponent, ReactNode } from 'react'
import { createElement, lazy } from 'react'
import { isEditing } from '../forms/kept-edits.ts'

/** Why a part of the page is not there: its files did not come. */
export class PartMissing extends Error {}

const parts: Part[] = []

/**
 * A component whose files are loaded when it is first drawn, or before by `fetchParts`. Files that did not come are `PartMissing`, thrown where
 * it is drawn, for the next Boundary; `retryParts` gives it another chance.
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props) => ReactNode {
  const part = new Part(load as () => Promise<ComponentType<object>>)
  parts.push(part)
  return props => createElement(part.component, props)
}

class Part {
  component: LazyExoticComponent<ComponentType<object>>
  #loading: Promise<ComponentType<object>> | null = null
  #isMissing = false
  readonly #load: () => Promise<ComponentType<object>>

  constructor(load: () => Promise<ComponentType<object>>) {
    this.#load = load
    this.component = this.#drawn()
  }

  get isMissing(): boolean {
    return this.#isMissing
  }

  /** Loads the files unless they are there or on their way. */
  fetch(): Promise<ComponentType<object>> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = null
      throw new PartMissing('A part of the page could not be loaded.', { cause: error })
    })
    return this.#loading
  }

  /** React remembers that a lazy component failed, so a new one takes its place. */
  async retry(): Promise<void> {
    await this.fetch()
    this.#isMissing = false
    this.component = this.#drawn()
  }

  #drawn(): LazyExoticComponent<ComponentType<object>> {
    return lazy(async () => {
      try {
        return { default: await this.fetch() }
      } catch (error) {
        this.#isMissing = true
        throw error
      }
    })
  }
}

/**
 * Loads again what did not come. Where that fails though the server answers (a newer page took its place, or the browser remembers the
 * failure), the page is loaded anew. Answers whether it only was not because something would be lost: what stands in a form, or what is
 * written in rooms, where it `isFleeting` since the browser stores nothing.
 */
export async function retryParts(isFleeting: boolean): Promise<boolean> {
  const missing = parts.filter(part => part.isMissing)
  const outcomes = await Promise.allSettled(missing.map(part => part.retry()))
  if (outcomes.every(({ status }) => status === 'fulfilled') || !(await isServerThere())) return false
  if (isFleeting || isEditing() || hasPassword()) return true
  location.reload()
  return false
}

/** Passwords that are typed are kept nowhere. */
const hasPassword = (): boolean =>
  [...document.querySelectorAll<HTMLInputElement>('[type=password]')].some(field => field.value)

/** Loads every part that is not there yet, one after the other, so that it opens without a server too. Stops where one does not come. */
export async function fetchParts(): Promise<void> {
  try {
    for (const part of parts) await part.fetch()
  } catch {
    // It is loaded when it is opened, or said to be missing then.
  }
}

const isServerThere = (): Promise<boolean> =>
  fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    ({ status }) => status < 500,
    () => false,
  )

// A sheet that did not come would count as there when its part is loaded again.
document.addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLLinkElement) target.remove()
  },
  true,
)
