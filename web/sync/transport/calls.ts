import type { Input, OperationName, Output } from '../../../contract/operations.ts'
import { routes } from '../../../contract/routes.ts'
import type { CallResult } from '../model.ts'
import type { HttpClientOptions } from './http-client.ts'
import { callHttp } from './http-client.ts'
import type { ReconnectingSocket } from './reconnecting-socket.ts'

export type CallOperation = <Name extends OperationName>(
  op: Name,
  input: Input<Name>,
) => Promise<CallResult<Output<Name>>>

/**
 * Calls over the socket while there is one, else over HTTP. What only reads, and was not answered by the socket, is asked again over HTTP;
 * what changes something is the caller's to repeat.
 */
export function callsThrough(
  socket: ReconnectingSocket,
  http: HttpClientOptions,
  signedOut: () => void,
): CallOperation {
  return async <Name extends OperationName>(
    op: Name,
    input: Input<Name>,
  ): Promise<CallResult<Output<Name>>> => {
    let answer: CallResult<unknown> = { unreachable: true }
    const isRead = routes[op].method === 'GET'
    const bySocket = routes[op].transport === 'both' && socket.isOnline
    if (bySocket) answer = await socket.call(op, input)
    if (!bySocket || (isRead && 'unreachable' in answer && !socket.isStopped))
      answer = await callHttp(op, input, http)
    if ('error' in answer && answer.error.code === 'signed_out') signedOut()
    return answer as CallResult<Output<Name>>
  }
}
