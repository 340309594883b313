import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Host } from './host.ts'

/** What iproute2 and nftables bring, and util-linux has; nothing where one of them is missing. */
export function findNetworkTools(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  const find = (tool: string) => folders.map(folder => join(folder, tool)).find(existsSync)
  return ['nft', 'tc', 'nsenter', 'setpriv'].every(find) ? find('ip') : undefined
}

/** Why there can be no hosts of a test's own here; null where there can. */
export function whyNoNetwork(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are of Linux'
  if (process.getuid?.() !== 0) return 'only root may make network namespaces'
  if (!findNetworkTools()) return 'ip, tc (iproute2), nft (nftables), nsenter or setpriv is not installed'
  try {
    using network = new Network()
    network.host('trial')
    return null
  } catch (error) {
    return `this kernel gives no bridge between network namespaces: ${(error as Error).message}`
  }
}

/** Why no line can be made narrow here; null where one can. */
export function whyNotNarrow(): string | null {
  const missing = whyNoNetwork()
  if (missing) return missing
  using network = new Network()
  try {
    network.narrow(network.host('trial'), 1_000)
    return null
  } catch {
    return 'this kernel has no token bucket filter (tbf)'
  }
}

/** One end of a line. */
type At = Pick<Host, 'address'>

/**
 * Hosts on one machine, each a network namespace with a line to a bridge, which has a namespace too. The test is one of them, so that
 * it reaches the others and can be cut off as they can. What goes from one to another is dropped in the bridge: nobody is told. Made by root
 * alone, one at a time; disposing of it takes everything away, and what a killed test left goes with the next one.
 */
export class Network implements Disposable {
  /** This process, as the others see it. */
  readonly test: At
  readonly #prefix = `confab-${process.pid}-${networks++}`
  readonly #net: string
  readonly #namespaces: string[] = []
  #addresses = 0
  readonly #dropped = new Set<string>()
  readonly #bridge: string
  /** The test's own end of its line. */
  readonly #own = `cf${process.pid}`

  constructor() {
    clearAbandoned()
    this.#net = freeNet()
    this.#bridge = this.#namespace('bridge')
    process.once('exit', this.#remove)
    try {
      run('ip', '-n', this.#bridge, 'link', 'add', 'hub', 'type', 'bridge')
      run('ip', '-n', this.#bridge, 'link', 'set', 'hub', 'up')
      this.#nft('add table bridge lines')
      this.#nft('add set bridge lines dropped { type ipv4_addr . ipv4_addr; }')
      this.#nft('add chain bridge lines across { type filter hook forward priority 0; }')
      this.#nft('add rule bridge lines across ip saddr . ip daddr @dropped drop')
      run('ip', 'link', 'add', this.#own, 'type', 'veth', 'peer', 'name', 'test', 'netns', this.#bridge)
      this.test = { address: this.#plug('test', [], this.#own) }
    } catch (error) {
      this.#remove()
      throw error
    }
  }

  /** A host more. */
  host(name: string): Host {
    const namespace = this.#namespace(name)
    const inside = ['-n', namespace]
    run('ip', ...inside, 'link', 'add', 'line', 'type', 'veth', 'peer', 'name', name, 'netns', this.#bridge)
    run('ip', ...inside, 'link', 'set', 'lo', 'up')
    const address = this.#plug(name, inside, 'line')
    return new NamedHost(namespace, address, name)
  }

  /** One more address of the test, so that one of its lines can be cut and another not. */
  another(): At {
    const address = this.#address()
    run('ip', 'address', 'add', `${address}/24`, 'dev', this.#own)
    return { address }
  }

  /** From now on nothing that one sends arrives at the other. */
  drop(from: At, to: At): void {
    const way = `${from.address} . ${to.address}`
    this.#nft(`add element bridge lines dropped { ${way} }`)
    this.#dropped.add(way)
  }

  /** From now on neither hears the other. */
  cut(one: At, other: At): void {
    this.drop(one, other)
    this.drop(other, one)
  }

  /** The line between them carries everything again. */
  heal(one: At, other: At): void {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const way = `${from.address} . ${to.address}`
      if (this.#dropped.delete(way)) this.#nft(`delete element bridge lines dropped { ${way} }`)
    }
  }

  /** Only so many kbit/s get to a host; what would wait for more than a second is dropped. */
  narrow(to: Host, kbit: number): void {
    const how = ['tbf', 'rate', `${kbit}kbit`, 'burst', '10kb', 'latency', '1s']
    run('tc', '-n', this.#bridge, 'qdisc', 'replace', 'dev', portOf(to), 'root', ...how)
  }

  /** Everything gets to a host again. */
  widen(to: Host): void {
    run('tc', '-n', this.#bridge, 'qdisc', 'delete', 'dev', portOf(to), 'root')
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#remove)
    this.#remove()
  }

  #namespace(name: string): string {
    const namespace = `${this.#prefix}-${name}`
    run('ip', 'netns', 'add', namespace)
    this.#namespaces.push(namespace)
    return namespace
  }

  /** Joins an end of a line to the bridge, and answers the address that the other end has from now on. */
  #plug(port: string, inside: readonly string[], end: string): string {
    const address = this.#address()
    run('ip', '-n', this.#bridge, 'link', 'set', port, 'master', 'hub', 'up')
    run('ip', ...inside, 'address', 'add', `${address}/24`, 'dev', end)
    run('ip', ...inside, 'link', 'set', end, 'up')
    return address
  }

  #address(): string {
    return `${this.#net}.${++this.#addresses}`
  }

  #nft(command: string): void {
    run('nsenter', `--net=/run/netns/${this.#bridge}`, 'nft', command)
  }

  readonly #remove = (): void => {
    // A namespace takes its lines along only some time after it is gone.
    spawnSync('ip', ['link', 'delete', this.#own])
    for (const namespace of this.#namespaces.splice(0)) removeNamespace(namespace)
  }
}

/** Of this process, so that the names of two do not meet. */
let networks = 0

class NamedHost implements Host {
  readonly name: string
  readonly address: string
  /** Its end of the line in the bridge. */
  readonly port: string
  readonly #namespace: string

  constructor(namespace: string, address: string, port: string) {
    this.#namespace = namespace
    this.name = this.address = address
    this.port = port
  }

  /** What it starts is killed with this process. */
  spawn(program: string, args: readonly string[], { uid, gid, ...options }: SpawnOptions): ChildProcess {
    const as = uid === undefined ? [] : [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
    const enter = [`--net=/run/netns/${this.#namespace}`, 'setpriv', '--pdeathsig', 'KILL', ...as]
    return spawn('nsenter', [...enter, program, ...args], options)
  }
}

function portOf(host: Host): string {
  if (host instanceof NamedHost) return host.port
  throw new Error(`${host.name} is no host of this network`)
}

function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr.split('\n')[0]}`)
  return stdout
}

/** A net of those that are for tests of networks (RFC 2544, appendix C.2.2), and that no other test process has now. */
function freeNet(): string {
  const addresses = run('ip', '-o', '-4', 'address', 'show', 'to', '198.18.0.0/15')
  const taken = new Set(addresses.matchAll(/inet (\d+\.\d+\.\d+)\./g).map(([, net]) => net))
  for (let n = process.pid; ; n++) {
    const net = `198.${18 + ((n >> 8) & 1)}.${n & 255}`
    if (!taken.has(net)) return net
  }
}

/** Namespaces of test processes that are gone. */
function clearAbandoned(): void {
  for (const [name, pid] of run('ip', 'netns', 'list').matchAll(/^confab-(\d+)-\S+/gm))
    if (!existsSync(`/proc/${pid}`)) removeNamespace(name)
}

/** With whatever runs in it. */
function removeNamespace(name: string): void {
  try {
    const inside = execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8', stdio: 'pipe' })
    for (const pid of inside.split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
  spawnSync('ip', ['netns', 'delete', name])
}
