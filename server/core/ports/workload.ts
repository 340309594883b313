/** What the process is to its machine. Event-loop delay: ms since the last look. Bytes, seconds; null where the system does not tell. */
export interface Workload {
  readonly loopDelay: { readonly p50: number; readonly p99: number; readonly max: number }
  readonly residentBytes: number
  readonly heapBytes: number
  readonly cpuSeconds: number
  readonly openFiles: number | null
  readonly mostFiles: number | null
  /** Unix seconds. */
  readonly startedAt: number
}
