import type { EventName, EventOf } from '../../../../contract/events.ts'
import type { WriteDefinition } from '../sql/write.ts'

/**
 * All that a store has to know of one event: what it does to the tables (`params`, `steps`), what it locks, and what is taken out of it
 * when the text that it carries goes (L6). Both databases are derived from it, so that an event without one, or one that carries a text
 * and does not say what becomes of it, does not compile.
 *
 * Beside its own params, each step has where its event stands: `#seq`, `#at`, `@by`, the `@room` or `@user` whose log it is (else ''),
 * `@fingerprint` of the id that its change was made under, if that is a message's, and `#creates`: 1 if it makes its room. `#lookedUp` is 1 where
 * the change begins with posting the message whose `IdempotencyKey` was found unused everywhere, in this transaction.
 */
export interface EventDefinition<Name extends EventName> extends WriteDefinition<EventOf<Name>> {
  readonly redact: Redaction<EventOf<Name>>
}

export type EventDefinitions<Names extends EventName> = { readonly [Name in Names]: EventDefinition<Name> }

/**
 * Answers the event without what people wrote in it. It keeps its seq, and a fold that meets it and then the event that took its text ends
 * as before. `all`: what it says of other messages goes too, since the message is gone and not merely changed.
 */
export type Redact<E> = (event: E, all: boolean) => E

/** An event in which people write nothing has nothing to lose; one with a text that stays says why. */
type Redaction<E> = [TextIn<E>] extends [never] ? 'no text' : Redact<E> | { readonly keepsText: string }

/** `true` where a value of the type may hold a text that is neither an id nor one of a few words. */
type TextIn<T> = T extends string
  ? string extends T
    ? true
    : never
  : T extends readonly (infer Item)[]
    ? TextIn<Item>
    : T extends object
      ? { [Key in keyof T]-?: TextIn<T[Key]> }[keyof T]
      : never
