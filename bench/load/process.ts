import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus, totalmem } from 'node:os'

/** Microseconds of processor time that a process has used, all its threads, in user and system mode (proc(5)). */
export function cpuMicroseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** Resident bytes of a process. */
export function residentBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096
}

/** A port that nobody listens at now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Starts a program and waits until it printed a line with the given words. */
export async function startServer(
  command: string,
  args: string[],
  ready: string,
  env: Record<string, string> = {},
): Promise<ChildProcess & { pid: number }> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk
      if (printed.includes(ready)) resolve()
    })
    child.once('exit', () => reject(new Error(`${command} ended before it was ready:\n${printed}`)))
  })
  return child as ChildProcess & { pid: number }
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

/** What a result was measured on. */
export function machine(): {
  commit: string
  cpu: string
  cores: number
  memoryGiB: number
  node: string
  at: string
} {
  return {
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    at: new Date().toISOString().slice(0, 10),
  }
}
