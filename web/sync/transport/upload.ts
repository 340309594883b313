import type { Input, OperationName, Output } from '../../../contract/operations.ts'
import { routes } from '../../../contract/routes.ts'
import type { CallResult } from '../model.ts'
import { answerOf, requestOf } from './http-client.ts'

/**
 * Calls an operation whose body is raw bytes, telling `progress` (a share of 1) as they leave. XMLHttpRequest, because `fetch` tells no
 * progress of what it sends. It never throws, as `callHttp`; aborting `signal` is `unreachable` too.
 */
export function sendBytes<Name extends OperationName>(
  op: Name,
  input: Input<Name>,
  bytes: Blob,
  progress: (share: number) => void,
  signal?: AbortSignal,
): Promise<CallResult<Output<Name>>> {
  const request = requestOf(routes[op], input)
  if ('error' in request) return Promise.resolve(request)
  return new Promise(resolve => {
    const xhr = new XMLHttpRequest()
    xhr.open(routes[op].method, request.address)
    xhr.setRequestHeader('accept', 'application/json')
    if (bytes.type) xhr.setRequestHeader('content-type', bytes.type)
    xhr.upload.addEventListener('progress', event => {
      if (event.lengthComputable) progress(event.loaded / event.total)
    })
    xhr.addEventListener('load', () =>
      resolve(answerOf(xhr.status, xhr.responseText, xhr.getResponseHeader('retry-after'))),
    )
    for (const end of ['error', 'abort', 'timeout'] as const) {
      xhr.addEventListener(end, () => resolve({ unreachable: true }))
    }
    signal?.addEventListener('abort', () => xhr.abort())
    xhr.send(bytes)
  })
}
