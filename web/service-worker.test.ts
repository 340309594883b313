import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { runInNewContext } from 'node:vm'
import { transformWithOxc } from 'vite'

const path = join(import.meta.dirname, 'service-worker.ts')
const { code } = await transformWithOxc(readFileSync(path, 'utf8'), path)

const globals = {
  AbortController,
  Headers,
  Response,
  URL,
  setTimeout: (then: () => void, ms: number) => setTimeout(then, ms),
  clearTimeout: (timer: NodeJS.Timeout) => clearTimeout(timer),
}

const addressOf = (asked: string | { url: string }) =>
  new URL(typeof asked === 'string' ? asked : asked.url, 'http://confab.test').pathname

/** What a browser keeps: the caches in the order in which they were made, each a map of addresses to answers. */
class Kept {
  readonly caches = new Map<string, Map<string, Response>>()
  async keys() {
    return [...this.caches.keys()]
  }
  async delete(name: string) {
    return this.caches.delete(name)
  }
  async open(name: string) {
    const answers = this.caches.get(name) ?? new Map<string, Response>()
    this.caches.set(name, answers)
    return { put: async (asked: string, answer: Response) => void answers.set(asked, answer) }
  }
  async match(asked: string | { url: string }, { cacheName }: { cacheName?: string } = {}) {
    const asOf = [...this.caches].filter(([name]) => cacheName === undefined || name === cacheName)
    return asOf
      .map(([, answers]) => answers.get(addressOf(asked)))
      .find(answer => answer)
      ?.clone()
  }
  /** The builds that are kept, without what their names have in common. */
  builds = () => [...this.caches.keys()].map(name => name.replace('confab-page-', '')).sort()
}

type Event = { request?: object; waitUntil?: (work: Promise<unknown>) => void } & {
  respondWith?: (answer: Promise<Response>) => void
}

/** A server and a browser with its workers. */
class World {
  readonly kept = new Kept()
  /** The build that the server has; without one it cannot be reached. */
  served: string | null = null
  missing: string | null = null
  /** What the server answers at once; else it hangs. */
  status: number | null = 200

  fetch = async (
    asked: string | { url: string },
    options: { signal?: AbortSignal } = {},
  ): Promise<Response> => {
    const address = addressOf(asked)
    if (this.served === null) throw new TypeError('Failed to fetch')
    if (this.status === null)
      return new Promise((_, reject) =>
        options.signal?.addEventListener('abort', () => reject(new Error('Aborted'))),
      )
    if (this.status !== 200) return new Response('', { status: this.status })
    const files = ['/', '/rooms/general', ...World.files(this.served)].filter(file => file !== this.missing)
    if (!files.includes(address)) return new Response('', { status: 404 })
    const isFile = World.files(this.served).includes(address)
    const text = isFile ? address : `<meta name="confab-found" content="home">/assets/${this.served}.js`
    return new Response(`${text} of ${this.served}`)
  }

  static files = (build: string) => [`/assets/${build}.js`, '/layers.css']

  /** A worker of that build, as the browser begins it. */
  worker(version: string) {
    const listeners = new Map<string, (event: Event) => void>()
    const self = {
      addEventListener: (name: string, listener: (event: Event) => void) => listeners.set(name, listener),
      clients: { claim: async () => {} },
      location: { origin: 'http://confab.test' },
    }
    const build = { version, files: World.files(version), entry: `/assets/${version}.js` }
    const { kept: caches, fetch } = this
    runInNewContext(code, { ...globals, self, caches, fetch, build })
    return {
      install: async () => {
        let work: Promise<unknown> | undefined
        listeners.get('install')?.({
          waitUntil: given => {
            work = given
          },
        })
        await work
      },
      ask: async (address: string, mode = 'no-cors') => {
        let work: Promise<Response> | undefined
        const request = { method: 'GET', mode, url: `http://confab.test${address}` }
        listeners.get('fetch')?.({
          request,
          respondWith: given => {
            work = given
          },
        })
        return (await work)?.text()
      },
    }
  }

  /** The server is upgraded, and the browser finds it so. */
  async upgrade(build: string) {
    this.served = build
    await this.worker(build).install()
  }
}

/** The page that a worker shows, by the build of its script. */
const pageOf = async (worker: { ask: (address: string, mode: string) => Promise<string | undefined> }) =>
  /assets\/(\w+)\.js/.exec((await worker.ask('/rooms/general', 'navigate')) ?? '')?.[1]

test('the worker that runs shows the newest build that is kept, and finds the parts of each', async () => {
  const world = new World()
  await world.upgrade('one')
  const running = world.worker('one')
  await world.upgrade('two')
  await world.upgrade('three')
  world.served = null
  assert.equal(await pageOf(running), 'three')
  for (const build of ['one', 'two', 'three'])
    assert.equal(await running.ask(`/assets/${build}.js`), `/assets/${build}.js of ${build}`)
  assert.equal(await running.ask('/layers.css'), '/layers.css of three')
})

test('the newest build and the two before it are kept, and none that is older', async () => {
  const world = new World()
  for (const build of ['one', 'two', 'three', 'four', 'five']) await world.upgrade(build)
  assert.deepEqual(world.kept.builds(), ['five', 'four', 'three'])
})

test('a build of which a file does not come leaves nothing, takes nothing away, and comes later', async () => {
  const world = new World()
  for (const build of ['one', 'two', 'three']) await world.upgrade(build)
  world.missing = '/layers.css'
  await assert.rejects(world.upgrade('four'))
  assert.deepEqual(world.kept.builds(), ['one', 'three', 'two'])
  assert.equal(await pageOf(world.worker('one')), 'four')
  world.served = null
  assert.equal(await pageOf(world.worker('one')), 'three')
  world.missing = null
  await world.upgrade('four')
  assert.deepEqual(world.kept.builds(), ['four', 'three', 'two'])
})

test('what is left of an install that the browser ended is no build, and goes with the next', async () => {
  const world = new World()
  await world.upgrade('one')
  await (await world.kept.open('confab-page-two')).put('/assets/two.js', new Response())
  world.served = null
  assert.equal(await pageOf(world.worker('one')), 'one')
  await world.upgrade('three')
  assert.deepEqual(world.kept.builds(), ['one', 'three'])
})

test('a build that comes back is the newest again, also where its page does not come at first', async () => {
  const world = new World()
  await world.upgrade('one')
  await world.upgrade('two')
  // An upgraded node gives its page to the worker of one that is not.
  await assert.rejects(world.worker('one').install(), /another build/)
  assert.deepEqual(world.kept.builds(), ['one', 'two'])
  await world.upgrade('one')
  world.served = null
  assert.equal(await pageOf(world.worker('two')), 'one')
})

test('a build that does not come within two minutes is given up', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const world = new World()
    world.status = null
    const upgrade = world.upgrade('one')
    mock.timers.tick(120_000)
    await assert.rejects(upgrade)
    assert.deepEqual(world.kept.builds(), [])
  } finally {
    mock.timers.reset()
  }
})

test('a server that fails or hangs shows the page that is kept; the page that is kept tells nobody who asked', async () => {
  const world = new World()
  await world.upgrade('one')
  world.status = 503
  assert.match((await world.worker('one').ask('/', 'navigate')) ?? '', /content="".*one/)
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    world.status = null
    const shown = pageOf(world.worker('one'))
    await setImmediate()
    mock.timers.tick(5_000)
    assert.equal(await shown, 'one')
  } finally {
    mock.timers.reset()
  }
})

test('where the browser cannot read what it keeps, the server answers; what is the server’s alone is left to it', async () => {
  const world = new World()
  await world.upgrade('one')
  const refuse = () => Promise.reject(new Error('The storage is broken.'))
  world.kept.keys = refuse
  world.kept.match = refuse
  assert.equal(await pageOf(world.worker('one')), 'one')
  assert.equal(await world.worker('one').ask('/assets/one.js'), '/assets/one.js of one')
  for (const own of ['/api/rooms', '/files/1', '/ws', '/healthz'])
    assert.equal(await world.worker('one').ask(own), undefined)
})
