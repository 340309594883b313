import type * as z from 'zod/mini'
import { watch } from '../../contract/frames.ts'
import { limits } from '../../contract/limits.ts'
import type { Operation } from '../../contract/operations/operation.ts'
import type { OperationName } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import type { Refusal } from '../core/answer.ts'
import { refuse } from '../core/answer.ts'

/** Fields and list items, counted together, and how deep they are nested. */
export interface InputSize {
  readonly entries: number
  readonly depth: number
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * How many entries a JSON text has, or why it is not parsed: it is nested deeper than `most.depth`, or has more entries than `most.entries`. What
 * is refused cost one pass over its characters; that it is JSON at all is for the parser to tell. An empty object or list counts as one entry.
 */
export function countEntries(text: string, most: InputSize): { readonly entries: number } | Refusal {
  let [entries, depth] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at)
    else if (code === comma) entries++
    else if (code === closeList || code === closeObject) depth--
    else if (code === openList || code === openObject) {
      entries++
      if (++depth > most.depth) return tooDeep
    }
    if (entries > most.entries) return tooManyEntries(most.entries)
  }
  return { entries }
}

/** Where the string ends that begins here. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1
  return at
}

const tooDeep = refuse('invalid', `The input may be nested at most ${limits.jsonDepth} deep.`)

export const tooManyEntries = (most: number): Refusal =>
  refuse(
    'invalid',
    `The input may have at most ${most} fields and list items in all. Send only those that this operation has.`,
  )

/** As much as the longest input of this form has, entries of lists and inner objects included; infinite where the form has no bound that is known here. */
export function entriesOf(form: z.core.$ZodType): number {
  const { def } = (form as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'object':
      return sum(Object.values(def.shape).map(field => 1 + entriesOf(field)))
    case 'array':
      return lengthOf(def.checks) * (1 + entriesOf(def.element))
    case 'optional':
      return entriesOf(def.innerType)
    case 'union':
      return Math.max(...def.options.map(entriesOf))
    case 'pipe':
      return entriesOf(def.in)
    case 'string':
    case 'number':
    case 'boolean':
    case 'literal':
    case 'enum':
    case 'null':
      return 0
    default:
      return Number.POSITIVE_INFINITY
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

function lengthOf(checks: readonly z.core.$ZodCheck<never>[] = []): number {
  const lengths = checks.map(({ _zod: { def } }) => ('maximum' in def ? Number(def.maximum) : Infinity))
  return Math.min(Number.POSITIVE_INFINITY, ...lengths)
}

const names = Object.keys(operations) as OperationName[]
const contracted = new Map(names.map(name => [name, entriesOf((operations[name] as Operation).input)]))

/** What the input of an operation may have: what its form has, and never so few that a wrong field is not told by its name. */
export const inputSize = (op: OperationName): InputSize => ({
  entries: Math.max(limits.jsonEntries, contracted.get(op) ?? 0),
  depth: limits.jsonDepth,
})

const callFields = 4

/** Why a call is not taken whose frame has so many entries: its input has more than its operation's may have, as over HTTP (P6). */
export function callRefusal(op: OperationName, entries: number): Refusal | null {
  const most = inputSize(op).entries
  return entries - callFields > most ? tooManyEntries(most) : null
}

/** What a frame may have after the hello: a call of the operation with the longest input, or the longest watch. */
export const frameSize: InputSize = {
  entries: Math.max(entriesOf(watch), callFields + Math.max(...names.map(name => inputSize(name).entries))),
  depth: 1 + limits.jsonDepth,
}

const helloFields = 5
export const helloSize: InputSize = { entries: helloFields + limits.helloCursors, depth: limits.jsonDepth }
