import type { Operation } from './operations/operation.ts'
import type { OperationName } from './operations.ts'
import { operations } from './operations.ts'

/** How an operation is called: its address and what carries it, without the schemas of what it takes and answers. */
export type Route = Pick<Operation, 'method' | 'path' | 'transport' | 'bytes'>

/**
 * The route of every operation. A client that only calls needs no schemas: the build of the page puts the plain values of this table in
 * place of the module, so that the validation library stays out of the first screen.
 */
export const routes: Readonly<Record<OperationName, Route>> = operations
