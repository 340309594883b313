/**
 * The store could not take or give it. `undone`: nothing was done; else it may have been, and a retry by id is safe. `full`: for want of room on
 * the disk. `damaged`: what is kept is not what was put.
 */
export class Unavailable extends Error {
  readonly full: boolean
  readonly damaged: boolean
  readonly undone: boolean
  constructor(
    message: string,
    options: ErrorOptions & { full?: boolean; damaged?: boolean; undone?: boolean } = {},
  ) {
    super(message, options)
    this.name = 'Unavailable'
    this.full = options.full ?? false
    this.damaged = options.damaged ?? false
    this.undone = options.undone ?? false
  }
}

/** The store's place is not to be had: locked, not writable, of a newer schema. The message is a sentence for the operator. */
export class CannotOpen extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CannotOpen'
  }
}
