import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerAtAddress } from './app.ts'
import { freePort } from './free-port.ts'
import { RoundRobin } from './round-robin.ts'
import { ServerProcess } from './server-process.ts'

/** So many nodes behind one address, on one place where they keep everything; `server` leads to any of them. */
export async function nodesOn(cleaning: AsyncDisposableStack, many: number, flags: readonly string[] = []) {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const nodes: ServerProcess[] = []
  for (let n = 0; n < many; n++) {
    const directory = await mkdtemp(join(tmpdir(), 'confab-balanced-'))
    cleaning.defer(() => rm(directory, { recursive: true, force: true }))
    nodes.push(cleaning.use(await ServerProcess.on(directory, flags, url)))
  }
  const ports = nodes.map(node => node.port)
  cleaning.use(await RoundRobin.to(ports, port))
  return { url, nodes, server: nodes[0] as ServerAtAddress }
}
