import WebSocket from 'ws'

/** Who hears a socket. */
export interface Hearer {
  receive(data: WebSocket.RawData, isBinary: boolean): void
  /** A ping came, or the answer to one. */
  control(): void
  /** The socket is closed, from whichever side, with this code. */
  closed(code: number): void
}

/** ws's socket, knowing its connection, so that its listeners are shared and a connection costs no closures. */
export class ChatSocket extends WebSocket {
  connection: Hearer | null = null
  /** Of ws, which tells this in no other way. */
  declare readonly _receiver?: {
    readonly _state: number
    readonly _bufferedBytes: number
    readonly _fragmented: number
  }

  /** Whether part of a message, or of a frame, has come and its rest has not. */
  get isMidMessage(): boolean {
    const { _state = 0, _bufferedBytes = 0, _fragmented = 0 } = this._receiver ?? {}
    return _state !== 0 || _bufferedBytes > 0 || _fragmented !== 0
  }

  /** A frame over a bound is closed by ws with 1009, and one in too many parts with 1008; our clients decide by 4013 (P2). */
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code === 1009 || code === 1008 ? 4013 : code, reason)
  }
}
