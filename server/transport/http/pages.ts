import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip, constants as zlib } from 'node:zlib'
import { pagePolicy, workerPolicy } from './headers.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
const squeezable = /^(text|application)\/|svg/
/** Addresses that the page itself makes sense of; any other gets the page too, as what was not found. */
const appPaths =
  /^\/($|rooms\/[^/]+(\/[^/]+)?$|direct\/new$|(browse|profile|security|preferences|settings)$|admin(\/[^/]+)*$)/

type Encoding = 'br' | 'gzip'

interface Served {
  readonly type: string
  readonly body: Buffer<ArrayBuffer>
  readonly tag: string
  readonly cache: string
  /** What it may do, where it may do anything. */
  readonly policy: string | null
  readonly squeezed: Map<Encoding, Promise<Buffer<ArrayBuffer>>>
}

/** Who asks for the page: the first who comes to a new server, or to one with imported people; nobody; or somebody who is signed in. */
export type Visitor = 'setup' | 'imported' | 'home' | 'session'

/** Answers a GET or HEAD of anything that is no operation. The page itself is told what was `found`, so that it need not ask. */
export type Pages = (path: string, headers: Headers, found: () => Promise<Visitor>) => Promise<Response>

/**
 * The built page, read into memory at the start: nothing outside of `folder` can be named, and a build that replaces it disturbs nobody.
 * Files with a hash in their name may be kept for ever; all others are asked for again by their ETag.
 */
export function createPages(folder: string): Pages {
  const files = existsSync(folder) ? filesOf(folder) : new Map<string, Served>()
  const page = files.get('/index.html')
  const pages = page && {
    setup: withVisitor(page, 'setup'),
    imported: withVisitor(page, 'imported'),
    home: withVisitor(page, 'home'),
    session: withVisitor(page, 'session'),
  }
  return async (path, headers, found) => {
    if (!pages) return plain(503, 'The page is not built. Run `npm run build`, then start again.\n')
    const file = path === '/index.html' ? undefined : files.get(path)
    if (file) return serve(file, 200, headers)
    if (appPaths.test(path)) return serve(pages[await found()], 200, headers)
    const wantsPage = headers.get('accept')?.includes('text/html') ?? false
    return wantsPage
      ? serve(pages[await found()], 404, headers)
      : plain(404, 'There is nothing at this address.\n')
  }
}

/** As `filesIn`, once more where a new build took the place of the old one meanwhile. */
function filesOf(folder: string): Map<string, Served> {
  try {
    return filesIn(folder)
  } catch {
    return filesIn(folder)
  }
}

/** Everything in the folder by its address, what is hidden (the build's own notes) left out. */
function filesIn(folder: string): Map<string, Served> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .map(file => [`/${relative(folder, file).split(sep).join('/')}`, file] as const)
    .filter(([path]) => !path.includes('/.'))
  return new Map(files.map(([path, file]) => [path, readServed(path, file)]))
}

function readServed(path: string, file: string): Served {
  const type = types[extname(file)] ?? 'application/octet-stream'
  return served(
    readFileSync(file),
    type,
    path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    path === '/sw.js' ? workerPolicy : null,
  )
}

const served = (body: Buffer<ArrayBuffer>, type: string, cache: string, policy: string | null): Served => ({
  type,
  body,
  tag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
  cache,
  policy,
  squeezed: new Map(),
})

/** The page with what was found written where the build left room for it. */
const withVisitor = (page: Served, found: Visitor): Served =>
  served(
    Buffer.from(
      page.body
        .toString()
        .replace('name="confab-found" content=""', `name="confab-found" content="${found}"`),
    ),
    page.type,
    'private, no-cache',
    pagePolicy,
  )

/** RFC 9110, sections 12.5.3 and 13.1.2: each encoding is a representation of its own, with its own tag. */
async function serve(file: Served, status: number, asked: Headers): Promise<Response> {
  const encoding = encodingFor(file, asked.get('accept-encoding') ?? '')
  const tag = `"${file.tag}${encoding ? `-${encoding}` : ''}"`
  const headers = {
    ETag: tag,
    'Cache-Control': file.cache,
    Vary: 'Accept-Encoding',
    ...(file.policy && { 'Content-Security-Policy': file.policy }),
  }
  if (status === 200 && tagMatches(asked.get('if-none-match'), tag))
    return new Response(null, { status: 304, headers })
  const body = encoding ? await squeezed(file, encoding) : file.body
  return new Response(body, {
    status,
    headers: {
      ...headers,
      'Content-Type': file.type,
      'Content-Length': String(body.length),
      ...(encoding && { 'Content-Encoding': encoding }),
    },
  })
}

/** Whether the tags that a client has of something hold this one (weakly compared, as If-None-Match is). */
export const tagMatches = (given: string | null | undefined, tag: string): boolean =>
  (given ?? '').split(',').some(one => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag)

function encodingFor(file: Served, accepted: string): Encoding | null {
  if (!squeezable.test(file.type) || file.body.length < 512) return null
  const takes = (name: Encoding) =>
    new RegExp(`(^|,)\\s*${name}\\s*(;\\s*q=(0\\.0*[1-9]|1)[\\d.]*\\s*)?(,|$)`, 'i').test(accepted)
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : null
}

const toBrotli = promisify(brotliCompress)
const toGzip = promisify(gzip)

/** Made at the first request for it, off the main thread, and kept. */
function squeezed(file: Served, encoding: Encoding): Promise<Buffer<ArrayBuffer>> {
  const made = file.squeezed.get(encoding)
  if (made) return made
  const params = { [zlib.BROTLI_PARAM_QUALITY]: 9, [zlib.BROTLI_PARAM_SIZE_HINT]: file.body.length }
  const making = encoding === 'br' ? toBrotli(file.body, { params }) : toGzip(file.body, { level: 9 })
  file.squeezed.set(encoding, making)
  return making
}

const plain = (status: number, text: string): Response =>
  new Response(text, {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(text)),
      'Cache-Control': 'no-store',
    },
  })
