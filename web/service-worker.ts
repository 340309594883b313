// The service worker of the page, served as /sw.js: keeps the page and its files, so that both are there without a server, and so that a page
// of before an upgrade finds its parts. The build puts `build` before it (scripts/service-worker-plugin.ts). It never keeps what is anybody's own.

/** What the page is made of: its scripts, styles and fonts by their addresses, and the one that every page of this build names. */
declare const build: { readonly version: string; readonly files: readonly string[]; readonly entry: string }

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Scope {
  addEventListener(name: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void
  addEventListener(name: 'fetch', listener: (event: FetchEvent) => void): void
  readonly clients: { claim(): Promise<void> }
  readonly location: { readonly origin: string }
}

const scope = self as unknown as Scope
// An earlier worker serves what a later one has kept: these names, and that a whole build has its page with its number, stay as they are.
const prefix = 'confab-page-'
const numbered = 'confab-kept'
const current = prefix + build.version
/** The builds before the newest that are kept for pages which are still open: their parts are no longer on the server. */
const formerBuilds = 2
/** After this long without an answer, in ms, a page comes from the cache. */
const patienceMs = 5_000
/** Within this time, in ms, all files of a build have come, or the build is given up until it is asked for again. */
const buildMs = 120_000
/** What is answered by the server alone, or not at all. */
const serversOwn = /^\/(api|files|ws|healthz|readyz|metrics)(\/|$)/

scope.addEventListener('install', event => event.waitUntil(keepBuild()))
scope.addEventListener('activate', event => event.waitUntil(scope.clients.claim()))
scope.addEventListener('fetch', event => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== scope.location.origin || serversOwn.test(url.pathname))
    return
  if (request.mode === 'navigate') event.respondWith(newest(request, '/'))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request))
  else event.respondWith(newest(request, request))
})

/**
 * All or nothing: where a file does not come, the worker is not installed, and is looked for again later. Once it is, the worker before serves
 * this build as well, until no page is open any more. It is not made to end: in Chromium a page that is asked for at that moment may never come
 * (docs/decisions/0063).
 */
async function keepBuild(): Promise<void> {
  const giveUp = new AbortController()
  const late = setTimeout(() => giveUp.abort(), buildMs)
  try {
    const page = await pageForAnybody(giveUp.signal)
    const former = await wholeBuilds()
    const cache = await caches.open(current)
    // A build that comes back is whole already: it only becomes the newest.
    if (!former.some(({ name }) => name === current)) await keepFiles(cache, giveUp.signal)
    page.headers.set(numbered, `${1 + (former[0]?.number ?? 0)}`)
    // Last: a build is whole where its page is.
    await cache.put('/', page)
  } finally {
    clearTimeout(late)
    giveUp.abort()
    await forgetOthers()
  }
}

async function keepFiles(cache: Cache, signal: AbortSignal): Promise<void> {
  await Promise.all(
    build.files.map(async file => {
      const answer = await fetch(file, { signal })
      if (!answer.ok) throw new Error(`${file} is not there.`)
      await cache.put(file, answer)
    }),
  )
}

/** What is older than the builds just before the newest goes, and what did not come whole. */
async function forgetOthers(): Promise<void> {
  const kept = (await wholeBuilds()).slice(0, 1 + formerBuilds).map(({ name }) => name)
  const others = (await ourCaches()).filter(name => !kept.includes(name))
  await Promise.all(others.map(name => caches.delete(name)))
}

const ourCaches = async () => (await caches.keys()).filter(name => name.startsWith(prefix))

/** The caches that hold all of a build, the newest first. */
async function wholeBuilds() {
  const found = await Promise.all(
    (await ourCaches()).map(async name => {
      const page = await caches.match('/', { cacheName: name, ignoreVary: true })
      return page ? [{ name, number: Number(page.headers.get(numbered)) }] : []
    }),
  )
  return found.flat().sort((a, b) => b.number - a.number)
}

/** The page without what the server found of who asked, which would be told to whoever opens it later. */
async function pageForAnybody(signal: AbortSignal): Promise<Response> {
  const answer = await fetch('/', { cache: 'no-store', signal })
  const text = await answer.text()
  // While nodes are upgraded the page may come from another build than this worker.
  if (!answer.ok || !text.includes(build.entry)) throw new Error('The page is of another build.')
  const headers = new Headers(answer.headers)
  for (const name of ['content-encoding', 'content-length', 'etag']) headers.delete(name)
  return new Response(text.replace(/(name="confab-found" content=")\w*/, '$1'), { headers })
}

/** A file whose name holds its hash never changes: from any cache, else from the server. */
async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true }).catch(unreadable)
  return kept ?? fetch(request)
}

/** As the server has it, which knows the newest build; without a server that can answer, as it is kept of the newest build that is whole. */
async function newest(request: Request, as: Request | string): Promise<Response> {
  const asked = fetch(request)
  const answered = asked.catch(() => null)
  const kept = await keptOfNewest(as).catch(unreadable)
  if (!kept) return asked
  const late = new Promise<null>(resolve => setTimeout(resolve, patienceMs, null))
  const answer = await Promise.race([answered, late])
  return answer && answer.status < 500 ? answer : kept
}

async function keptOfNewest(request: Request | string): Promise<Response | undefined> {
  const [build] = await wholeBuilds()
  return build && caches.match(request, { cacheName: build.name, ignoreVary: true })
}

/** Where the browser cannot read what it keeps, there is still the server. */
const unreadable = () => undefined
