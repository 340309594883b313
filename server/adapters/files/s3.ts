import { createHash } from 'node:crypto'
import { AwsV4Signer } from 'aws4fetch'
import type { Clock } from '../../core/ports/clock.ts'
import { Unavailable } from '../../core/ports/failures.ts'
import type { Files } from '../../core/ports/files.ts'
import { bytesOfMark, markForm, markOfName, nameOfMark } from './marks.ts'
import { S3Refusal, withPatience } from './s3-patience.ts'
import { assertNameOfFile, fileForm, verified } from './verified.ts'

export interface S3Place {
  readonly s3Endpoint: URL
  readonly s3Bucket: string
  readonly s3Region: string
  readonly s3AccessKeyId: string
  readonly s3SecretAccessKey: string
  /** What every name begins with; may be empty. */
  readonly s3Prefix: string
  readonly s3Style: 'path' | 'virtual-hosted'
}

export interface S3Parts {
  readonly clock: Clock
  /** From 0 to 1, for the length of a pause. */
  readonly random?: () => number
  /** How many files a list is asked for at a time; services give at most 1000. */
  readonly filesAPage?: number
  /** How an answer is asked for. */
  readonly fetch?: (url: URL, init: RequestInit) => Promise<Response>
}

interface Asked {
  readonly method: 'GET' | 'PUT' | 'DELETE'
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly hash?: string
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
/** SHA-256 of nothing, which a request without a body is signed with. */
const ofNothing = hashOf(new Uint8Array())

/**
 * Files in a bucket of an S3-compatible service, each under a prefix and the SHA-256 of its bytes. A put is signed with that hash, so that
 * the service takes whole bytes or none. All requests are safe to ask again, and are; a redirect is followed by none, since a signature holds
 * for one host.
 */
export function openS3Files(place: S3Place, parts: S3Parts): Files {
  const ask = asking(place, parts)
  const { s3Prefix: prefix } = place
  const most = parts.filesAPage ?? 1_000
  const keyOf = (hash: string) => {
    assertNameOfFile(hash)
    return prefix + hash
  }
  const lay = async (key: string, body: Uint8Array, hash = hashOf(body)) => {
    await ask({ method: 'PUT', key, body, hash }, drained)
  }

  return {
    async put(bytes) {
      const hash = hashOf(bytes)
      await lay(keyOf(hash), bytes, hash)
      return hash
    },
    async get(hash) {
      return ask({ method: 'GET', key: keyOf(hash) }, async response =>
        verified(hash, new Uint8Array(await response.arrayBuffer())),
      )
    },
    async remove(hash) {
      await ask({ method: 'DELETE', key: keyOf(hash) }, drained)
    },
    async *list() {
      for await (const { name, at } of listed(ask, { prefix, begins: '', form: fileForm, most }))
        yield { hash: name, at }
    },
    mark: mark => lay(prefix + nameOfMark(mark), bytesOfMark),
    marks: () => {
      const found = listed(ask, { prefix, begins: nameOfMark(''), form: markForm, most })
      return Array.fromAsync(found, ({ name }) => markOfName(name))
    },
  }
}

/** Asks as often as is sensible; null where there is no such file. */
type Ask = <T>(asked: Asked, take: (response: Response) => Promise<T>) => Promise<T | null>

function asking(place: S3Place, { clock, random = Math.random, fetch = globalThis.fetch }: S3Parts): Ask {
  return (asked, take) =>
    withPatience({ clock, random }, async signal => {
      const response = await fetch(...(await signed(place, asked, signal)))
      if (response.ok) return take(response)
      const code = errorCodeOf(await response.text())
      if (response.status === 404 && code === 'NoSuchKey') return null
      throw new S3Refusal(response.status, code)
    })
}

async function signed(place: S3Place, asked: Asked, signal: AbortSignal): Promise<[URL, RequestInit]> {
  const { method, body, hash = ofNothing } = asked
  const { url, headers } = await new AwsV4Signer({
    method,
    url: addressOf(place, asked).href,
    headers: { 'X-Amz-Content-Sha256': hash },
    accessKeyId: place.s3AccessKeyId,
    secretAccessKey: place.s3SecretAccessKey,
    region: place.s3Region,
    service: 's3',
  }).sign()
  return [url, { method, headers, signal, redirect: 'manual', ...(body && { body: Buffer.from(body) }) }]
}

function addressOf({ s3Endpoint, s3Bucket, s3Style }: S3Place, { key, query = {} }: Asked): URL {
  const url = new URL(s3Endpoint)
  if (s3Style === 'virtual-hosted') url.host = `${s3Bucket}.${s3Endpoint.host}`
  url.pathname = [...(s3Style === 'path' ? [s3Bucket] : []), ...(key ? [key] : [])].join('/')
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

/** What is of that form under the prefix. `begins`: how all such names begin. */
async function* listed(
  ask: Ask,
  { prefix, begins, form, most }: { prefix: string; begins: string; form: RegExp; most: number },
): AsyncIterable<Listed['found'][number]> {
  let next: string | null = ''
  while (next !== null) {
    const under = { 'list-type': '2', 'max-keys': String(most), prefix: prefix + begins }
    const query: Record<string, string> = under
    if (next) query['continuation-token'] = next
    const page: Listed | null = await ask({ method: 'GET', key: '', query }, async response =>
      contentsOf(await response.text(), prefix, form),
    )
    if (!page) throw new Unavailable('the storage of files does not list')
    yield* page.found
    next = page.next
  }
}

/** Read to its end, so that the connection is free for the next request. */
const drained = async (response: Response): Promise<void> => void (await response.arrayBuffer())

/** One page of a list. `next`: the token of the next one, or null after the last. */
interface Listed {
  readonly found: readonly { readonly name: string; readonly at: number }[]
  readonly next: string | null
}

/**
 * A page of ListObjectsV2, as far as names are a prefix and of this form.
 * What an S3 service writes is flat and of one form; keys of ours and times hold nothing that XML would escape.
 */
function contentsOf(xml: string, prefix: string, form: RegExp): Listed {
  const found = elements(xml, 'Contents').flatMap(of => {
    const key = textOf(of, 'Key') ?? ''
    const name = key.slice(prefix.length)
    const at = Date.parse(textOf(of, 'LastModified') ?? '')
    return key.startsWith(prefix) && form.test(name) && Number.isFinite(at) ? [{ name, at }] : []
  })
  if (!/<ListBucketResult[\s>]/.test(xml)) throw new Error('what was listed is no list')
  const more = textOf(xml, 'IsTruncated') === 'true'
  return { found, next: (more && textOf(xml, 'NextContinuationToken')) || null }
}

/** The code of an error as S3 services write it, such as NoSuchKey; empty where there is none. */
const errorCodeOf = (xml: string): string => /^\w{1,64}$/.exec(textOf(xml, 'Code') ?? '')?.[0] ?? ''

const elements = (xml: string, name: string): string[] =>
  Array.from(xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs')), ([, inner = '']) => inner)

const textOf = (xml: string, name: string): string | undefined => {
  const [text] = elements(xml, name)
  return text?.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (_, decimal, hex, word) =>
    word ? (named[word] ?? '') : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
  )
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
