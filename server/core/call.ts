import type { Operation } from '../../contract/operations/operation.ts'
import type { OperationName, Output, Parsed } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import type { Asker } from './access.ts'
import type { Answer, Identity, Origin, Refusal, SessionIdentity } from './answer.ts'
import { refusalOf, signedOut } from './refusals.ts'

type Needs<Name extends OperationName> = (typeof operations)[Name]['who']

/** Operations that need an identity. */
export type Identified = {
  [Name in OperationName]: Needs<Name> extends 'anyone' ? never : Name
}[OperationName]

/** Who may be calling an operation, by the table. */
type Who<Name extends OperationName> =
  Needs<Name> extends 'anyone' ? Identity | null : Needs<Name> extends 'session' ? SessionIdentity : Identity

/**
 * That the table lets somebody call an operation. It is made by `of` alone and every handler needs one: each call is checked, once, before its
 * input is looked at. What the store knows is checked again under the lock of what is written (A3).
 */
export class Admission<Name extends OperationName = OperationName> {
  readonly operation: Name
  readonly who: Who<Name>

  private constructor(operation: Name, who: Who<Name>) {
    this.operation = operation
    this.who = who
  }

  static of<Name extends OperationName>(name: Name, who: Identity | null): Admission<Name> | Refusal {
    const { who: needed }: Operation = operations[name]
    if (needed !== 'anyone' && !who) return signedOut
    if (needed === 'session' && who?.by === 'token') return refusalOf({ code: 'session_needed' })
    return new Admission(name, who as Who<Name>)
  }
}

/** One call of an operation. */
export interface Call<Name extends OperationName> {
  readonly admission: Admission<Name>
  readonly input: Parsed<Name>
  readonly from: Origin
  /** Under what the log tells of it. */
  readonly request?: string
  /** The body of an operation that carries bytes. */
  readonly bytes?: Uint8Array
}

export type Handlers = {
  readonly [Name in OperationName]: (call: Call<Name>) => Promise<Answer<Output<Name>>>
}

/** Reads by somebody, and what administrators do: the store is asked who that is now, once, before the handler. */
type IsAsked<Name extends OperationName> =
  Needs<Name> extends 'anyone'
    ? false
    : Needs<Name> extends 'administrator'
      ? true
      : (typeof operations)[Name]['method'] extends 'GET'
        ? true
        : false

/** A call as the handler of its noun has it. */
export type Admitted<Name extends OperationName> = Omit<Call<Name>, 'admission'> & {
  readonly who: Who<Name>
} & (IsAsked<Name> extends true ? { readonly asker: Asker } : unknown)

/** A noun's handlers. */
export type NounHandlers<Names extends OperationName = OperationName> = {
  readonly [Name in Names]: (call: Admitted<Name>) => Promise<Answer<Output<Name>>>
}
