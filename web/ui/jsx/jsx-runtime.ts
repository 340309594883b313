import type { ElementType, Key, ReactElement, ReactNode } from 'react'
import { jsx as element, jsxs as elements, Fragment } from 'react/jsx-runtime'

// What the build compiles JSX to, in place of React's own (`jsxImportSource` in vite.config.ts).
//
// Translators and other extensions replace text nodes by elements of theirs. React keeps references to the text nodes that stand beside other
// nodes, and throws when it removes one that is gone, which ends the whole page. An element that it made itself it always finds again: so text
// that has siblings gets one of its own here, wherever it is written.

export { Fragment }

interface Props {
  children?: ReactNode
}

/** An element with one child, or with a list of them. */
export const jsx = (type: ElementType, props: Props, key?: Key): ReactElement =>
  element(type, isPlain(type) ? safe(type, props) : props, key)

/** An element with several children, each at a place of its own. */
export const jsxs = (type: ElementType, props: Props, key?: Key): ReactElement =>
  elements(type, isPlain(type) ? safe(type, props) : props, key)

/** Whether the children stand in the document as they are, and do not go to a component that may do with them what it likes. */
const isPlain = (type: ElementType): boolean => typeof type === 'string' || (type as unknown) === Fragment

/** Elements that hold nothing but text. */
const textOnly: ReadonlySet<unknown> = new Set(['option', 'title', 'textarea', 'style'])

function safe(type: ElementType, props: Props): Props {
  const { children } = props
  if (isText(children))
    return (type as unknown) === Fragment ? { ...props, children: wrapped(children, 0) } : props
  if (!Array.isArray(children) || !hasText(children)) return props
  if (textOnly.has(type)) return { ...props, children: children.filter(isText).join('') }
  return { ...props, children: children.map(wrappedIn) }
}

const isText = (node: unknown): node is string | number =>
  (typeof node === 'string' && node !== '') || typeof node === 'number'

const hasText = (nodes: readonly ReactNode[]): boolean =>
  nodes.some(node => isText(node) || (Array.isArray(node) && hasText(node)))

const wrappedIn = (node: ReactNode, place: number): ReactNode =>
  isText(node) ? wrapped(node, place) : Array.isArray(node) && hasText(node) ? node.map(wrappedIn) : node

const wrapped = (text: string | number, place: number): ReactNode =>
  element('c-text' as ElementType, { children: text }, `text ${place}`)
