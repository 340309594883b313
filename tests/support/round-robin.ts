import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** How long a line waits for a node to come back before the client is told that there is none. */
const patienceMs = 10_000
const askEveryMs = 20

/**
 * A load balancer for TCP: each line goes to the next node that takes it. It asks nobody whether they are ready; a line that no node takes
 * waits, as it would with a balancer that tries again.
 */
export class RoundRobin implements AsyncDisposable {
  readonly port: number
  readonly #server: Server
  readonly #lines = new Set<Socket>()

  private constructor(server: Server, port: number) {
    this.#server = server
    this.port = port
  }

  static async to(ports: readonly number[], listenAt = 0): Promise<RoundRobin> {
    const server = createServer({ pauseOnConnect: true }).listen(listenAt, '127.0.0.1')
    await once(server, 'listening')
    const balancer = new RoundRobin(server, (server.address() as { port: number }).port)
    let next = 0
    server.on('connection', client => void balancer.#join(client, ports, next++))
    return balancer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const line of this.#lines) line.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #join(client: Socket, ports: readonly number[], from: number): Promise<void> {
    this.#keep(client)
    const node = await nodeFor(client, ports, from)
    if (!node) {
      client.destroy()
      return
    }
    this.#keep(node)
    client.pipe(node)
    node.pipe(client)
    client.once('close', () => node.destroy())
    node.once('close', () => client.destroy())
    client.resume()
  }

  #keep(line: Socket): void {
    this.#lines.add(line)
    line.on('error', () => {})
    line.once('close', () => this.#lines.delete(line))
  }
}

/** A line to the first node that takes one, beginning with the `from`-th; null when none does in time. */
async function nodeFor(client: Socket, ports: readonly number[], from: number): Promise<Socket | null> {
  const until = performance.now() + patienceMs
  for (let n = from; performance.now() < until && !client.destroyed; n++) {
    const node = connect(ports[n % ports.length] as number, '127.0.0.1')
    const isTaken = await new Promise<boolean>(resolve => {
      node.once('connect', () => resolve(true))
      node.once('error', () => resolve(false))
    })
    if (isTaken) return node
    if ((n + 1 - from) % ports.length === 0) await new Promise(resolve => setTimeout(resolve, askEveryMs))
  }
  return null
}
