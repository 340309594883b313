import type { WireError } from '../../../contract/frames.ts'
import type { Input, OperationName } from '../../../contract/operations.ts'
import { operations } from '../../../contract/operations.ts'

/** A refusal that stands at a field. */
export type FieldError = WireError & { field: string }

/**
 * What the contract says against an input, one refusal a field and in the form's order, for those fields that `shown` says are on the
 * form. Faults of other fields are left for the server to tell.
 */
export function checkInput<Name extends OperationName>(
  op: Name,
  input: Input<Name>,
  shown: (field: string) => boolean,
): FieldError[] {
  const result = operations[op].input.safeParse(input)
  if (result.success) return []
  const refused = new Map<string, FieldError>()
  for (const issue of result.error.issues) {
    const field = String(issue.path[0] ?? '')
    if (shown(field) && !refused.has(field)) {
      refused.set(field, { code: 'invalid', field, message: issue.message })
    }
  }
  return [...refused.values()]
}

/** Where a refusal belongs that names no field: the fields to look for, the first that is shown. */
const usualFields: Partial<Record<WireError['code'], readonly string[]>> = {
  wrong_credentials: ['password'],
  wrong_password: ['current', 'password'],
  wrong_code: ['code'],
  taken: ['username', 'name'],
}

/** The field at which a refusal is to be told; `null` where the form shows none that it is about. */
export function fieldOf(error: WireError, shown: (field: string) => boolean): string | null {
  if (error.code === 'rate_limited') return null
  const candidates = [...(error.field === undefined ? [] : [error.field]), ...(usualFields[error.code] ?? [])]
  return candidates.find(shown) ?? null
}
