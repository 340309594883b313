// node confab.mjs run scripts/fresh-machine.ts [npm versions]: does the README's first line hold on a fresh machine? For each npm
// version the repository is cloned, installed with an empty cache and without Python, a compiler or make in reach, and started;
// the page and one of its scripts are fetched. About two minutes and 1 GB of disk each, taken one after the other.
import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '..')
const versions = process.argv.length > 2 ? process.argv.slice(2) : ['9', '10', '11', '12']
const STARTED_WITHIN = 120_000

// What npm and the launcher call beside Node. Nothing here compiles.
const TOOLS = ['sh', 'env', 'uname', 'mkdir', 'rm', 'sed', 'dirname']

const folder = mkdtempSync(join(tmpdir(), 'confab-fresh-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const env = bareEnvironment()
const outcomes: string[] = []
for (const version of versions) {
  console.log(`npm ${version}`)
  try {
    outcomes.push(`ok   npm ${version}: ${await trial(version)}`)
  } catch (error) {
    outcomes.push(`FAIL npm ${version}: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
}
console.log(outcomes.join('\n'))

async function trial(version: string): Promise<string> {
  const place = join(folder, `npm-${version}`)
  mkdirSync(place)
  try {
    const npm = fetchNpm(version, place)
    const clone = join(place, 'confab')
    execFileSync('git', ['clone', '--quiet', '--no-local', '--depth', '1', `file://${root}`, clone], {
      stdio: 'inherit',
    })
    const installed = timed(() =>
      execFileSync('node', [npm, 'ci', '--no-audit', '--no-fund', '--cache', join(place, 'cache')], {
        cwd: clone,
        env,
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    )
    const began = performance.now()
    await servesPage(clone, npm, join(place, 'data'))
    const started = (performance.now() - began) / 1000
    const exact = execFileSync('node', [npm, '--version'], { env, encoding: 'utf8' }).trim()
    const node = execFileSync('node', ['--version'], { env, encoding: 'utf8' }).trim()
    return `${exact} on Node ${node}: installed in ${installed.toFixed(0)} s, page served ${started.toFixed(0)} s after the start`
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

/** The npm of that version, to be run with Node: installed by the npm of this machine, into a folder of its own. */
function fetchNpm(version: string, place: string): string {
  const prefix = join(place, 'npm')
  execFileSync('npm', ['install', '--silent', '--prefix', prefix, `npm@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: place,
  })
  return join(prefix, 'node_modules', 'npm', 'bin', 'npm-cli.js')
}

async function servesPage(clone: string, npm: string, data: string): Promise<void> {
  const settings = { ...env, PORT: '0', CONFAB_DATA: data }
  const server = spawn('node', [npm, 'start'], {
    cwd: clone,
    env: settings,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  try {
    const address = await addressOf(server)
    const page = await textOf(address)
    const script = /<script[^>]* src="([^"]+)"/.exec(page)?.[1]
    if (!script) throw new Error('the page names no script')
    await textOf(new URL(script, address).href)
  } finally {
    // As Ctrl-C does, which reaches npm and the launcher, and the server through it. The output closes when all are gone.
    const closed = once(server, 'close')
    server.stdout.resume()
    if (server.pid) process.kill(-server.pid, 'SIGINT')
    await closed
  }
}

/** The address that the server prints when it is ready. */
async function addressOf(server: ChildProcess): Promise<string> {
  if (!server.stdout) throw new Error('the server has no output')
  const signal = AbortSignal.timeout(STARTED_WITHIN)
  for await (const line of createInterface({ input: server.stdout, signal })) {
    const found = /(http:\/\/[^\s/#]+)/.exec(line)
    if (found?.[1]) return found[1]
  }
  throw new Error('the server ended, or printed no address in time')
}

async function textOf(address: string): Promise<string> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${address} answers ${response.status}`)
  return response.text()
}

/** This environment, with an own home and a PATH on which there is Node, a shell and little else. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin')
  const home = join(folder, 'home')
  mkdirSync(bin)
  mkdirSync(home)
  symlinkSync(machinesNode(), join(bin, 'node'))
  for (const tool of TOOLS) symlinkSync(onPath(tool), join(bin, tool))
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|node_(?!extra_ca_certs)|python)/i.test(name),
  )
  return { ...Object.fromEntries(kept), HOME: home, PATH: bin }
}

/** The Node that this machine has, rather than the one that the launcher put before it. */
function machinesNode(): string {
  const [own] = (process.env.PATH ?? '')
    .split(delimiter)
    .map(path => join(path, 'node'))
    .filter(path => existsSync(path) && dirname(path) !== dirname(process.execPath))
    .filter(path => !path.includes('node_modules'))
  return own ?? process.execPath
}

function onPath(tool: string): string {
  return execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim()
}

/** How many seconds it took. */
function timed(work: () => void): number {
  const began = performance.now()
  work()
  return (performance.now() - began) / 1000
}
