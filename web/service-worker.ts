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
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
  readonly location: { readonly origin: string }
}

const scope = self as unknown as Scope
const prefix = 'confab-page-'
const current = prefix + build.version
/** The builds before this one that are kept for pages which are still open: their parts are no longer on the server. */
const formerBuilds = 2
/** After this long without an answer, in ms, a page comes from the cache. */
const patienceMs = 5_000
/** What is answered by the server alone, or not at all. */
const serversOwn = /^\/(api|files|ws|healthz|readyz|metrics)(\/|$)/

scope.addEventListener('install', event => event.waitUntil(keepBuild()))
scope.addEventListener('activate', event => event.waitUntil(takeOver()))
scope.addEventListener('fetch', event => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== scope.location.origin || serversOwn.test(url.pathname))
    return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request))
  else if (build.files.includes(url.pathname)) event.respondWith(newest(request))
})

/**
 * All or nothing: where a file does not come, the worker is not installed, and the browser tries again later. Once it is, it waits for no page of
 * the build before to be closed, for that one finds its files still; else a page that is only ever reloaded would have an old one offline.
 */
async function keepBuild(): Promise<void> {
  const cache = await caches.open(current)
  await cache.put('/', await pageForAnybody())
  await cache.addAll([...build.files])
  await scope.skipWaiting()
}

/** The page without what the server found of who asked, which would be told to whoever opens it later. */
async function pageForAnybody(): Promise<Response> {
  const answer = await fetch('/', { cache: 'no-store' })
  const text = await answer.text()
  // While nodes are upgraded the page may come from another build than this worker.
  if (!answer.ok || !text.includes(build.entry)) throw new Error('The page is of another build.')
  const headers = new Headers(answer.headers)
  for (const name of ['content-encoding', 'content-length', 'etag']) headers.delete(name)
  return new Response(text.replace(/(name="confab-found" content=")\w*/, '$1'), { headers })
}

/** Pages of builds before are this worker's as well from now on. What is older than those is forgotten. */
async function takeOver(): Promise<void> {
  // In the order in which they were made (W3C Service Workers, CacheStorage.keys).
  const former = (await caches.keys()).filter(name => name.startsWith(prefix) && name !== current)
  await Promise.all(former.slice(0, -formerBuilds).map(name => caches.delete(name)))
  await scope.clients.claim()
}

/** The server's page, which knows the newest build; without a server that can answer, the one that is kept. */
async function page(request: Request): Promise<Response> {
  const kept = await caches.match('/', { cacheName: current, ignoreVary: true })
  const asked = fetch(request)
  if (!kept) return asked
  const late = new Promise<null>(resolve => setTimeout(resolve, patienceMs, null))
  const answer = await Promise.race([asked.catch(() => null), late])
  return answer && answer.status < 500 ? answer : kept
}

/** A file whose name holds its hash never changes: from any cache, else from the server, and kept from then on. */
async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true })
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.status === 200) await keep(request, answer.clone())
  return answer
}

/** A file that keeps its name: as the server has it, else as it is kept. */
async function newest(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await caches.match(request, { ignoreVary: true })
    if (kept) return kept
    throw error
  }
}

async function keep(request: Request, answer: Response): Promise<void> {
  try {
    const cache = await caches.open(current)
    await cache.put(request, answer)
  } catch {
    // The browser has no room left: the file is there this time.
  }
}
