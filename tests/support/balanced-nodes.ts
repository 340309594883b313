import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Me } from '../../contract/entities.ts'
import { Person, password, setupCode } from './app.ts'
import { freePort } from './free-port.ts'
import { RoundRobin } from './round-robin.ts'
import { ServerProcess } from './server-process.ts'

/** Somebody who sets up or signs up at an address. */
export async function enter(url: string, path: string, username: string): Promise<Person> {
  const more = path === '/api/setup' ? { code: setupCode, workspace: 'Balanced' } : {}
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ username, password, ...more }),
  })
  const { me } = (await response.json()) as { me: Me }
  return new Person(url, username, me, response.headers.getSetCookie()[0]?.split(';')[0] ?? '')
}

/** So many nodes behind one address, on one place where they keep everything. */
export async function nodesOn(cleaning: AsyncDisposableStack, many: number, flags: readonly string[] = []) {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const nodes: ServerProcess[] = []
  for (let n = 0; n < many; n++) {
    const directory = await mkdtemp(join(tmpdir(), 'confab-balanced-'))
    cleaning.defer(() => rm(directory, { recursive: true, force: true }))
    const given = ['--setup-code', setupCode, ...flags]
    nodes.push(cleaning.use(await ServerProcess.on(directory, given, url)))
  }
  const ports = nodes.map(node => node.port)
  cleaning.use(await RoundRobin.to(ports, port))
  return { url, nodes }
}
