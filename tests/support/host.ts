import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { spawn } from 'node:child_process'

/** Where a test's servers run: beside the test, or on a host of their own (`network.ts`). */
export interface Host {
  /** What stands in the addresses of what it serves. */
  readonly name: string
  /** What its servers listen at. */
  readonly address: string
  /** Starts a program on it. */
  spawn(program: string, args: readonly string[], options: SpawnOptions): ChildProcess
}

/** This machine, as only it can reach itself. */
export const loopback: Host = { name: 'localhost', address: '127.0.0.1', spawn }
