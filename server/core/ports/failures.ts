/**
 * The store could not take or give it. `undone`: nothing was done; else it may have been, and a retry by id is safe. `full`: for want of room on
 * the disk. `damaged`: what is kept is not what was put. `busy`: nothing failed, there is only too much to do. `gone`: what was kept was taken away
 * under the server, which ends.
 */
export class Unavailable extends Error {
  readonly full: boolean
  readonly damaged: boolean
  readonly undone: boolean
  readonly busy: boolean
  readonly gone: boolean
  constructor(
    message: string,
    options: ErrorOptions & {
      full?: boolean
      damaged?: boolean
      undone?: boolean
      busy?: boolean
      gone?: boolean
    } = {},
  ) {
    super(message, options)
    this.name = 'Unavailable'
    this.full = options.full ?? false
    this.damaged = options.damaged ?? false
    this.undone = (options.undone ?? false) || (options.busy ?? false)
    this.busy = options.busy ?? false
    this.gone = options.gone ?? false
  }
}

/** The store's place is not to be had: locked, not writable, of a newer schema. The message is a sentence for the operator. */
export class CannotOpen extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CannotOpen'
  }
}

/** Another one has the port, it is not for this user, or the host is none of this machine's. */
export class CannotListen extends Error {
  readonly for: 'people' | 'metrics'
  readonly port: number
  readonly host: string
  readonly code: string | undefined

  constructor(at: Pick<CannotListen, 'for' | 'port' | 'host'>, cause: NodeJS.ErrnoException) {
    super(`cannot listen on port ${at.port} of ${at.host}`, { cause })
    this.name = 'CannotListen'
    this.for = at.for
    this.port = at.port
    this.host = at.host
    this.code = cause.code
  }
}
