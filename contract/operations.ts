import type * as z from 'zod/mini'
import { accountOperations } from './operations/accounts.ts'
import { messageOperations } from './operations/messages.ts'
import { roomOperations } from './operations/rooms.ts'
import { userOperations } from './operations/users.ts'

/** Everything that anyone can do, by its name on the wire. HTTP and the socket are two transports to this one table. */
export const operations = {
  ...accountOperations,
  ...userOperations,
  ...roomOperations,
  ...messageOperations,
} as const

export type Operations = typeof operations
export type OperationName = keyof Operations

/** What a caller writes. */
export type Input<Name extends OperationName> = z.input<Operations[Name]['input']>
/** What the core gets: parsed, trimmed, with defaults. */
export type Parsed<Name extends OperationName> = z.output<Operations[Name]['input']>
export type Output<Name extends OperationName> = z.output<Operations[Name]['output']>

export const isOperation = (name: string): name is OperationName => Object.hasOwn(operations, name)
