import WebSocket from 'ws'

/** Who hears a socket. */
export interface Hearer {
  receive(data: WebSocket.RawData, isBinary: boolean): void
  /** The other end answered a ping. */
  alive(): void
  /** The socket is closed, from whichever side, with this code. */
  closed(code: number): void
}

/** ws's socket, knowing its connection, so that its listeners are shared and a connection costs no closures. */
export class ChatSocket extends WebSocket {
  connection: Hearer | null = null

  /** A frame over the bound is closed by ws with 1009; our clients decide by 4013 (P2). */
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code === 1009 ? 4013 : code, reason)
  }
}
