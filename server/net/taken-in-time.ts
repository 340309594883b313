import type { Socket } from 'node:net'
import { limits } from '../../contract/limits.ts'
import type { Clock } from '../core/ports.ts'

/** Calls `late` unless the operating system takes what is queued on a line now within `limits.endedLineMs`. */
export function takenInTime(tcp: Socket, clock: Clock, late: () => void): void {
  if (tcp.writableLength === 0) return
  const due = tcp.bytesWritten
  clock.after(limits.endedLineMs, () => {
    if (tcp.bytesWritten - tcp.writableLength < due) late()
  })
}
