import type { Socket } from 'node:net'
import { limits } from '../../contract/limits.ts'
import type { Clock } from '../core/ports/clock.ts'

/** Calls `expired` unless the operating system takes what is queued on a line now within `limits.endedLineMs`. */
export function onWriteTimeout(tcp: Socket, clock: Clock, expired: () => void): void {
  if (tcp.writableLength === 0) return
  const due = tcp.bytesWritten
  clock.after(limits.endedLineMs, () => {
    if (tcp.bytesWritten - tcp.writableLength < due) expired()
  })
}
