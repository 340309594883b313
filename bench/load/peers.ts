import type { ChildProcess } from 'node:child_process'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { freePort, startServer } from './process.ts'
import { RawClient } from './raw-client.ts'
import type { Member, Meter } from './run.ts'

/** A server under load; null where it cannot be had on this machine. */
export interface Peer {
  readonly process: ChildProcess
  readonly pid: number
  readonly members: readonly Member[]
}
export type StartPeer = (members: number, meter: Meter) => Promise<Peer | null>

const baselines = join(import.meta.dirname, '..', 'baselines')
/** About what a Confab event has around its number. */
const text = `${'A message of ordinary length, as people write them. '.repeat(2)}#`

/** A post is echoed to all as it is: the number stands after the last `#`. */
function echoed(meter: Meter): (payload: Buffer) => void {
  return payload => {
    const hash = payload.lastIndexOf(0x23)
    if (hash >= 0) meter.delivered(Number.parseInt(payload.toString('latin1', hash + 1), 10), 1)
  }
}

async function joinAll(
  count: number,
  open: () => Promise<RawClient>,
  frame: (n: number) => string,
): Promise<Member[]> {
  const members: Member[] = []
  while (members.length < count) {
    const clients = await Promise.all(Array.from({ length: Math.min(50, count - members.length) }, open))
    members.push(...clients.map(client => ({ client, post: (n: number) => client.send(frame(n)) })))
  }
  return members
}

export const wsEach: StartPeer = async (count, meter) => {
  const port = await freePort()
  const child = await startServer(process.execPath, [join(baselines, 'ws-each.ts'), String(port)], 'ready')
  const open = () => RawClient.open(port, '/', {}, echoed(meter))
  return { process: child, pid: child.pid, members: await joinAll(count, open, n => `${text}${n}`) }
}

export const epoll =
  (folder: string): StartPeer =>
  async (count, meter) => {
    const program = join(folder, 'epoll')
    try {
      execFileSync('cc', ['-O2', '-o', program, join(baselines, 'epoll.c')], { stdio: 'pipe' })
    } catch {
      return null
    }
    const port = await freePort()
    const child = await startServer(program, [String(port)], 'ready')
    const open = () => RawClient.open(port, '/', {}, echoed(meter))
    return { process: child, pid: child.pid, members: await joinAll(count, open, n => `${text}${n}`) }
  }

export const socketIo: StartPeer = async (count, meter) => {
  const port = await freePort()
  const child = await startServer(process.execPath, [join(baselines, 'socket-io.ts'), String(port)], 'ready')
  const heard = echoed(meter)
  const open = async () => {
    const entered = Promise.withResolvers<void>()
    // Engine.IO packets: 0 opens, 2 is a ping, 4 a message; Socket.IO inside it: 0 connects, 2 is an event.
    const client: RawClient = await RawClient.open(
      port,
      '/socket.io/?EIO=4&transport=websocket',
      {},
      payload => {
        const type = payload.toString('latin1', 0, 2)
        if (type === '42') heard(payload)
        else if (type === '40') entered.resolve()
        else if (type === '2') client.send('3')
      },
    )
    client.send('40')
    await entered.promise
    return client
  }
  return { process: child, pid: child.pid, members: await joinAll(count, open, n => `42["m","${text}${n}"]`) }
}
