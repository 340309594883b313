import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'

const root = join(import.meta.dirname, '..')
const launcher = join(root, 'confab.mjs')

// The launcher takes the long way, through a second process, when it believes that it runs on an old Node. This is loaded
// into the outer process alone; NODE_OPTIONS would reach the inner one too.
const PRETEND_OLD = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' })\n`

let folder: string
let oldNode: string[]

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'confab-launcher-'))
  await writeFile(join(folder, 'old.mjs'), PRETEND_OLD)
  oldNode = ['--import', join(folder, 'old.mjs')]
})
after(() => rm(folder, { recursive: true, force: true }))

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

function launch(
  file: string,
  args: string[],
  options: { old: boolean; env?: NodeJS.ProcessEnv; detached?: boolean },
): ChildProcess {
  const flags = options.old ? oldNode : []
  return spawn(process.execPath, [...flags, file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: options.env ?? process.env,
    detached: options.detached ?? false,
  })
}

async function ended(child: ChildProcess): Promise<Ended> {
  const said = { out: '', err: '' }
  child.stdout?.on('data', data => (said.out += data))
  child.stderr?.on('data', data => (said.err += data))
  const [code, signal] = await once(child, 'close')
  return { code, signal, ...said }
}

async function script(name: string, source: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, source)
  return path
}

/** Resolves with the next line that the process prints. */
async function line(child: ChildProcess): Promise<string> {
  assert(child.stdout)
  const lines = createInterface({ input: child.stdout })
  const [text] = await once(lines, 'line')
  return text
}

for (const old of [false, true]) {
  describe(old ? 'launched by an older Node' : 'launched by a Node that is new enough', () => {
    test('alice gets her arguments through untouched, and the exit code back', async () => {
      const file = await script(
        'arguments.ts',
        'console.log(JSON.stringify(process.argv.slice(2)))\nprocess.exitCode = 7 as number\n',
      )
      const given = ['start', 'two words', '', '--name="q"', '$HOME', '*', '--', 'é\n']
      const result = await ended(launch(launcher, ['run', file, ...given], { old }))
      assert.deepEqual(JSON.parse(result.out), given)
      assert.equal(result.code, 7)
    })

    test('the program runs on Node 24.7 or newer, and finds the same Node first on PATH', async () => {
      const file = await script(
        'version.ts',
        `import { execFileSync } from 'node:child_process'
         console.log(process.versions.node, execFileSync('node', ['-p', 'process.versions.node'], { encoding: 'utf8' }))`,
      )
      const env = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) }
      const { out } = await ended(launch(launcher, ['run', file], { old, env }))
      const [inner, onPath] = out.trim().split(/\s+/)
      assert.match(inner ?? '', /^(24\.([7-9]|\d\d)|2[5-9]\.|[3-9]\d)/)
      if (old) assert.equal(onPath, inner)
    })

    test('a signal reaches the program, which may end in its own way', async () => {
      const file = await script(
        'polite.ts',
        `process.on('SIGTERM', () => { console.log('tidied'); process.exit(5) })
         console.log('up'); setInterval(() => {}, 1000)`,
      )
      const child = launch(launcher, ['run', file], { old })
      const result = ended(child)
      assert.equal(await line(child), 'up')
      child.kill('SIGTERM')
      const { code, out } = await result
      assert.equal(code, 5)
      assert.match(out, /tidied/)
    })

    test('Ctrl-C, which goes to a whole process group, reaches the program once', async () => {
      const file = await script(
        'once.ts',
        `let count = 0
         process.on('SIGINT', () => { count++; console.log('interrupted') })
         process.on('SIGUSR2', () => { console.log('times: ' + count); process.exit() })
         console.log('up'); setInterval(() => {}, 1000)`,
      )
      const child = launch(launcher, ['run', file], { old, detached: true })
      const result = ended(child)
      assert.equal(await line(child), 'up')
      process.kill(-(child.pid ?? 0), 'SIGINT')
      assert.equal(await line(child), 'interrupted')
      child.kill('SIGUSR2')
      assert.match((await result).out, /times: 1/)
    })

    test('a program that dies of a signal lets the launcher die of the same', async () => {
      const file = await script('plain.ts', `console.log('up'); setInterval(() => {}, 1000)`)
      const child = launch(launcher, ['run', file], { old })
      const result = ended(child)
      assert.equal(await line(child), 'up')
      child.kill('SIGINT')
      assert.equal((await result).signal, 'SIGINT')
    })
  })
}

test('a launcher killed with -9 leaves no orphan behind', { timeout: 30_000 }, async t => {
  const said = join(folder, 'said')
  const file = await script(
    'orphan.ts',
    `import { appendFileSync } from 'node:fs'
     process.on('SIGTERM', () => { appendFileSync(${JSON.stringify(said)}, 'tidied'); process.exit() })
     console.log(process.pid); setInterval(() => {}, 1000)`,
  )
  const child = launch(launcher, ['run', file], { old: true })
  const inner = Number(await line(child))
  assert.notEqual(inner, child.pid)
  const closed = once(child, 'close')
  let gone = false
  t.after(() => gone || process.kill(inner, 'SIGKILL'))
  child.kill('SIGKILL')
  // Only when the last process that holds the program's output is gone does the pipe to it close.
  await closed
  gone = true
  assert.equal(await readFile(said, 'utf8'), 'tidied')
})

for (const old of [false, true]) {
  const which = old ? 'an older Node' : 'a Node that is new enough'
  test(`npm that ends takes the program on ${which} with it`, { timeout: 30_000 }, async t => {
    const file = await script('under-npm.ts', `console.log(process.pid); setInterval(() => {}, 1000)`)
    // As npm does it: a shell between, which is not replaced by what it runs, and which alone gets the signal.
    const command = [process.execPath, ...(old ? oldNode : []), launcher, 'run', file]
    const shell = spawn('sh', ['-c', `${command.map(word => `'${word}'`).join(' ')}; exit $?`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, npm_lifecycle_event: 'start' },
    })
    const inner = Number(await line(shell))
    let gone = false
    t.after(() => gone || process.kill(inner, 'SIGKILL'))
    const closed = once(shell, 'close')
    shell.kill('SIGTERM')
    await closed
    gone = true
  })
}

test('the channel to the launcher does not keep a finished program alive', async () => {
  const file = await script('short.ts', `console.log('done')`)
  assert.equal((await ended(launch(launcher, ['run', file], { old: true }))).code, 0)
})

test('before anything is installed alice reads what to do', async () => {
  const bare = join(folder, 'bare')
  await mkdir(bare)
  await cp(launcher, join(bare, 'confab.mjs'))
  for (const old of [false, true]) {
    const { code, err } = await ended(launch(join(bare, 'confab.mjs'), ['start'], { old }))
    assert.equal(code, 1)
    assert.match(err, /npm ci/)
  }
})

test('without a newer Node for her machine alice reads which one is needed', async () => {
  const bare = join(folder, 'elsewhere')
  await mkdir(join(bare, 'node_modules'), { recursive: true })
  await cp(launcher, join(bare, 'confab.mjs'))
  const { code, err } = await ended(launch(join(bare, 'confab.mjs'), ['start'], { old: true }))
  assert.equal(code, 1)
  assert.match(err, /needs Node 24\.7 or newer, and this is 20\.20\.2/)
})
