/** Why the import cannot begin or go on, as a sentence for the operator. Nothing that was refused before writing has changed anything. */
export class ImportRefusal extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'ImportRefusal'
  }
}
