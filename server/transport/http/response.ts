import type { HttpBindings } from '@hono/node-server'
import { errorCodes } from '../../../contract/codes.ts'
import { limits } from '../../../contract/limits.ts'
import type { Answer, Refusal } from '../../core/answer.ts'
import type { Site } from './origin.ts'

/** `request`: under what the log tells of it. */
export type Bindings = { Bindings: HttpBindings & { readonly request: string } }

/** An answer of the table as HTTP: its status, its JSON, the cookie that it sets or ends. No answer of the API is kept by a cache. */
export const respond = (
  answer: Answer<unknown>,
  site: Site,
  headers: Record<string, string> = {},
): Response => encoded(answer, site, headers).value

/** The same, with how many bytes its body has. */
export function encoded(
  answer: Answer<unknown>,
  site: Site,
  headers: Record<string, string> = {},
): { readonly value: Response; readonly bytes: number } {
  const failed = 'error' in answer
  const { code, retryAfter } = failed ? answer.error : {}
  const bytes = Buffer.from(JSON.stringify(failed ? answer : answer.ok))
  const value = jsonBytes(bytes, code ? errorCodes[code].status : 200, {
    ...headers,
    ...(retryAfter !== undefined && { 'Retry-After': String(Math.max(1, Math.ceil(retryAfter))) }),
    ...(code === 'signed_out' && { 'WWW-Authenticate': 'Bearer' }),
  })
  if (!failed && answer.cookie !== undefined)
    value.headers.append('Set-Cookie', sessionCookie(site, answer.cookie))
  if (!failed && answer.device !== undefined)
    value.headers.append('Set-Cookie', deviceCookie(site, answer.device))
  return { value, bytes: bytes.length }
}

export const json = (body: unknown, status: number, headers: Record<string, string> = {}): Response =>
  jsonBytes(Buffer.from(JSON.stringify(body)), status, headers)

/** JSON that is encoded already. */
export const jsonBytes = (
  bytes: Buffer<ArrayBuffer>,
  status: number,
  headers: Record<string, string> = {},
): Response =>
  new Response(bytes, {
    status,
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': String(bytes.length),
      'Cache-Control': 'no-store',
      ...headers,
    },
  })

/** A refusal as the bytes of a whole HTTP answer, for where there is only a socket left to write to. */
export function rawRefusal(
  refusal: Refusal,
  status: number,
  headers: Readonly<Record<string, string>>,
): string {
  const body = JSON.stringify(refusal)
  const lines = Object.entries({
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} \r\n${lines.join('')}\r\n${body}`
}

/** The server decides how long a session lasts; the browser keeps its cookie as long as one can last. */
function sessionCookie(site: Site, secret: string | null): string {
  const age = secret === null ? 0 : limits.sessionMaxMs / 1000
  return cookie(site, site.cookie, secret ?? '', age)
}

/** A browser keeps a cookie for 400 days at most (RFC 6265bis, section 5.5); each signing in begins them anew. */
const deviceCookie = (site: Site, secret: string): string =>
  cookie(site, site.deviceCookie, secret, limits.deviceMs / 1000)

const cookie = (site: Site, name: string, value: string, age: number): string =>
  `${name}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${site.secure ? '; Secure' : ''}`
