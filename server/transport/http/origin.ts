import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { BlockList } from 'node:net'
import { isIP } from 'node:net'
import type { Origin, Refusal } from '../../core/answer.ts'
import { refuse } from '../../core/answer.ts'

type Asked = Pick<IncomingMessage, 'headers' | 'headersDistinct'>

/** Who this server is to browsers: decided by settings, never by what a request says. */
export interface Site {
  /** The origin that is told to people. */
  readonly origin: string
  readonly origins: ReadonlySet<string>
  readonly hosts: ReadonlySet<string>
  readonly secure: boolean
  /** The name of the session cookie. Cookies know no ports, so over http the port is in it; `__Host-` binds it to this host (RFC 6265bis). */
  readonly cookie: string
  /** The name of the cookie that a browser is known by when somebody signs in again. */
  readonly deviceCookie: string
}

/** The site at `url`, or, where that is null, at localhost and both loopback addresses on `port`. */
export function siteOf(url: URL | null, port: number): Site {
  const urls = url
    ? [url]
    : ['localhost', '127.0.0.1', '[::1]'].map(host => new URL(`http://${host}:${port}`))
  const first = urls[0] as URL
  const secure = first.protocol === 'https:'
  return {
    origin: first.origin,
    origins: new Set(urls.map(one => one.origin)),
    hosts: new Set(
      urls.flatMap(one => [one.host, ...(one.port ? [] : [`${one.host}:${secure ? 443 : 80}`])]),
    ),
    secure,
    cookie: secure ? '__Host-confab' : `confab-${first.port || 80}`,
    deviceCookie: secure ? '__Host-confab-device' : `confab-device-${first.port || 80}`,
  }
}

/** The refusal of a request that another host was asked for, which a page can bring about by rebinding its name to our address. */
export function wrongHost(site: Site, request: Asked): Refusal | null {
  const hosts = request.headersDistinct.host ?? []
  if (hosts.length === 1 && site.hosts.has((hosts[0] as string).toLowerCase())) return null
  return refuse('misdirected', `This server answers for ${site.origin} only.`)
}

/** The refusal of a request that a page of another origin made. An Origin that is there must be ours, whoever is asking. */
export function wrongOrigin(site: Site, request: Asked): Refusal | null {
  const origin = request.headers.origin
  if (origin === undefined || site.origins.has(origin)) return null
  return refuse('wrong_origin', `Calls are taken from pages of ${site.origin} only.`)
}

/** The refusal of a mutation without a bearer that nothing shows to come from a page of ours. */
export function noEvidence(site: Site, request: Asked): Refusal | null {
  const { origin, 'sec-fetch-site': fetchedFrom } = request.headers
  if (fetchedFrom === 'same-origin' || (origin !== undefined && site.origins.has(origin))) return null
  return refuse('wrong_origin', `Send the header "Origin: ${site.origin}", or use a token.`)
}

/** The value of the session cookie; `undefined` where there is none. Sent twice, it is neither: somebody planted one of them. */
export const cookieOf = (site: Site, request: Asked): string | undefined => cookieNamed(site.cookie, request)

/** The same of the cookie that the browser is known by. */
export const deviceOf = (site: Site, request: Asked): string | undefined =>
  cookieNamed(site.deviceCookie, request)

function cookieNamed(name: string, request: Asked): string | undefined {
  const given = (request.headers.cookie ?? '')
    .split(';')
    .map(pair => pair.trim())
    .filter(pair => pair.startsWith(`${name}=`))
    .map(pair => pair.slice(name.length + 1))
  return given.length > 1 ? '' : given[0]
}

/** The bearer token (RFC 6750, section 2.1); empty where the header is anything else, `undefined` where there is none. */
export function bearerOf(request: Asked): string | undefined {
  const given = request.headersDistinct.authorization
  if (given === undefined) return undefined
  const token = given.length === 1 ? /^Bearer ([\w~+/.-]+=*)$/i.exec(given[0] as string)?.[1] : undefined
  return token ?? ''
}

/** Where a request came from: the peer, or what the proxies that are trusted say, read from the nearest outwards. */
export function originOf(
  request: Asked & { readonly socket: { readonly remoteAddress?: string | undefined } },
  trusted: BlockList,
): Origin {
  const forwarded = [request.headers['x-forwarded-for'] ?? []]
    .flat()
    .join(',')
    .split(',')
    .map(word => word.trim())
  let address = plainAddress(request.socket.remoteAddress ?? '')
  while (forwarded.length > 0 && isTrusted(address, trusted)) {
    const further = plainAddress(forwarded.pop() as string)
    if (!isIP(further)) break
    address = further
  }
  return { address, agent: (request.headers['user-agent'] ?? '').slice(0, 200) }
}

/** Whether a request comes straight from a proxy that is trusted: what else it says is then the proxy's word. */
export const fromTrusted = (
  { socket }: { readonly socket: { readonly remoteAddress?: string | undefined } },
  trusted: BlockList,
): boolean => isTrusted(plainAddress(socket.remoteAddress ?? ''), trusted)

/** An IPv4 address that came through an IPv6 socket is that IPv4 address (RFC 4291, section 2.5.5.2). */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')

const isTrusted = (address: string, trusted: BlockList): boolean =>
  isIP(address) !== 0 && trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')

/** What a request brings along from the proxies in front, which anybody else could make up. */
export interface Brought {
  /** Under what the log tells of it, and the answer's X-Request-Id. */
  readonly id: string
  /** The trace that it is part of (W3C Trace Context, section 3.2). */
  readonly parent: string | undefined
}

/** A request's number: the one that a trusted proxy gave it, where that is of a form that no log line or header is hurt by; else a new one. */
export function broughtBy({ headers }: Pick<IncomingMessage, 'headers'>, isTrusted: boolean): Brought {
  const given = isTrusted ? headers['x-request-id'] : undefined
  const parent = isTrusted ? headers.traceparent : undefined
  return {
    id: typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID().slice(0, 8),
    parent: typeof parent === 'string' ? parent : undefined,
  }
}
