/** What was to be copied was not. The message is a sentence for the operator. */
export class CannotCopy extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CannotCopy'
  }
}
