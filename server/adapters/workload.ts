import { readdirSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Workload } from '../core/ports/workload.ts'

/** How often the event loop's delay is looked at, ms: a finer look costs more than it tells. */
const resolution = 20

/** Watches this process. `look` answers what it is now, and the event loop's delay since the look before. */
export function watchWorkload(): { look(): Workload } & Disposable {
  const delay = monitorEventLoopDelay({ resolution })
  delay.enable()
  const startedAt = Date.now() / 1_000 - process.uptime()
  return {
    look: () => {
      const { user, system } = process.cpuUsage()
      const { rss, heapUsed } = process.memoryUsage()
      const loopDelay = {
        p50: late(delay.percentile(50)),
        p99: late(delay.percentile(99)),
        max: late(delay.max),
      }
      delay.reset()
      return {
        loopDelay,
        residentBytes: rss,
        heapBytes: heapUsed,
        cpuSeconds: (user + system) / 1e6,
        openFiles: openFiles(),
        mostFiles: mostFiles(),
        startedAt,
      }
    },
    [Symbol.dispose]: () => delay.disable(),
  }
}

/** Node tells ns from one look to the next: what is above the time that there should be between them is the delay. Nothing seen is none. */
const late = (ns: number): number => Math.max(0, Number.isFinite(ns) ? ns / 1e6 - resolution : 0)

/** Descriptors that this process has open; null where the system does not tell. */
export function openFiles(): number | null {
  try {
    return readdirSync('/proc/self/fd').length - 1
  } catch {
    return null
  }
}

/** How many it may have; null likewise. */
export function mostFiles(): number | null {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.NaN) || null
  } catch {
    return null
  }
}
