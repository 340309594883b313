import type * as z from 'zod/mini'
import type { OperationName, Parsed } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import type { Refusal } from '../core/answer.ts'
import { refuse } from '../core/answer.ts'

type Issue = z.core.$ZodIssue

/** The input of an operation as the contract has it, or a refusal that names the first field that is wrong and says what would be right. */
export function parseInput<Name extends OperationName>(
  op: Name,
  raw: unknown,
): { readonly input: Parsed<Name> } | Refusal {
  const parsed = operations[op].input.safeParse(raw)
  if (parsed.success) return { input: parsed.data as Parsed<Name> }
  const issue = nearestIssue(parsed.error.issues[0] as Issue)
  if (issue.code === 'unrecognized_keys') return unknownField([...issue.path, issue.keys[0] ?? ''])
  if (issue.path.length === 0) return refuse('invalid', 'The input must be an object.')
  const field = issue.path.join('.')
  return refuse('invalid', `${field} ${wanted(issue, valueAt(raw, issue.path) === undefined)}.`, { field })
}

const unknownField = (path: readonly PropertyKey[]): Refusal => {
  const field = path.join('.').slice(0, 100)
  return refuse('invalid', `There is no field ${JSON.stringify(field)} here.`, { field })
}

/** Of a value with several forms, the complaint that says most: one about the form that it comes nearest to, on the deepest path. */
function nearestIssue(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue
  const branches = issue.errors.map(branch => nearestIssue(branch[0] as Issue))
  const near = branches.filter(branch => branch.code !== 'invalid_type' || branch.path.length > 0)
  const best = (near[0] ?? branches[0]) as Issue
  return { ...best, path: [...issue.path, ...best.path] }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

/** What a field must be, as the end of a sentence. The contract words what is particular to it; the rest is worded here. */
function wanted(issue: Issue, missing: boolean): string {
  if (missing) return 'is missing'
  if (issue.message !== 'Invalid input') return issue.message
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}${unit(issue.origin)}`
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}${unit(issue.origin)}`
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? issue.expected}`
  return 'is not of its form'
}

const unit = (origin: string): string =>
  origin === 'string' ? ' characters long' : origin === 'array' ? ' long' : ''

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<PropertyKey, unknown>)[part]
  }
  return value
}
