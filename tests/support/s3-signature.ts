import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** One request as it came, and as it goes on to the service. */
export interface Passing {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

const sha256 = (of: string | Buffer) => createHash('sha256').update(of).digest('hex')
const hmac = (key: string | Buffer, of: string) => createHmac('sha256', key).update(of).digest()

/** The code with which an S3 service refuses a request, by AWS Signature Version 4 as it is written down; null where it is well signed. */
export function wrongOf({ method, url, headers, body }: Passing, secret: string): string | null {
  const form =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/((\d{8})\/([^/]+)\/s3\/aws4_request), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
  const [, scope = '', day = '', region = '', names = '', signature = ''] =
    form.exec(headers.authorization ?? '') ?? []
  const time = String(headers['x-amz-date'])
  if (!scope || !time.startsWith(day) || !names.split(';').includes('host')) return 'AccessDenied'
  const stands = Date.parse(time.replace(/^(.{4})(..)(..T..)(..)(..)Z$/, '$1-$2-$3:$4:$5Z'))
  if (!(Math.abs(Date.now() - stands) < 15 * 60_000)) return 'RequestTimeTooSkewed'
  const hash = String(headers['x-amz-content-sha256'])
  if (hash !== sha256(body)) return 'XAmzContentSHA256Mismatch'

  const [path = '', query = ''] = url.split('?')
  const told = names.split(';').map(name => `${name}:${String(headers[name]).trim()}\n`)
  const canonical = [method, path, canonicalQuery(query), told.join(''), names, hash].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`)
  return hmac(key, toSign).toString('hex') === signature ? null : 'SignatureDoesNotMatch'
}

function canonicalQuery(query: string): string {
  const encoded = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return [...new URLSearchParams(query)]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')
}
