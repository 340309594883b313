import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

/** The program that makes system calls fail; nothing if it is not installed. */
export const findStrace = (): string | undefined =>
  spawnSync('strace', ['-V']).status === 0 ? 'strace' : undefined

/**
 * What a process wants synchronised with its disk comes to something else, such as `error=EIO` or `retval=0`, until it is let go; nothing
 * where no process may be attached to.
 */
export async function synchronisingIs(pid: number, fault: string): Promise<AsyncDisposable | null> {
  const calls = 'fsync,fdatasync'
  const given = ['-f', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${calls}:${fault}`]
  const child = spawn('strace', [...given, '-p', String(pid)], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit')
  const [told] = (await Promise.race([once(child.stderr, 'data'), ended])) as [unknown]
  child.stderr.resume()
  if (!String(told).includes(' attached')) return null
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT')
      await ended
    },
  }
}
