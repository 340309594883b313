/** Tells the operator what happens. Fields never hold a message's text, a token, a password or a set-up code. */
export interface Log {
  debug(fields: object, sentence: string): void
  info(fields: object, sentence: string): void
  warn(fields: object, sentence: string): void
  error(fields: object, sentence: string): void
}
