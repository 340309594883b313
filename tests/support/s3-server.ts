import crypto from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import S3rver from '@20minutes/s3rver'
import type { S3Place } from '../../server/adapters/files/s3.ts'
import type { Passing } from './s3-signature.ts'
import { wrongOf } from './s3-signature.ts'

/** The only account of the server. */
export const account = { s3AccessKeyId: 'S3RVER', s3SecretAccessKey: 'S3RVER' }

/**
 * The service makes the token of a list's next page with DES, which OpenSSL has put away. Three times with one key, triple DES is the
 * same cipher.
 */
const des = (make: typeof crypto.createCipheriv) =>
  ((algorithm: string, key: Buffer, iv: Buffer) =>
    algorithm === 'des'
      ? make('des-ede3-cbc', Buffer.concat([key, key, key]), iv)
      : make(algorithm, key, iv)) as typeof crypto.createCipheriv
crypto.createCipheriv = des(crypto.createCipheriv)
crypto.createDecipheriv = des(crypto.createDecipheriv as never) as never

/** What a test does with a request instead of passing it on. Answering nothing leaves whoever asks waiting. */
export type Instead = (response: ServerResponse, asked: Passing) => void | Promise<void>

/**
 * An S3-compatible service of one's own, which verifies signatures, behind a proxy that verifies them once more by
 * itself, and that the body is the one signed. The proxy keeps what passed, and lets a test answer instead of the service.
 */
export class S3Server implements AsyncDisposable {
  readonly passed: Passing[] = []
  readonly directory: string
  readonly #service: S3rver
  readonly #inside: number
  readonly #proxy: Server
  #port = 0
  #instead: Instead[] = []

  private constructor(directory: string, service: S3rver, inside: number) {
    this.directory = directory
    this.#service = service
    this.#inside = inside
    this.#proxy = createServer((asked, response) => void this.#take(asked, response))
  }

  static async start(): Promise<S3Server> {
    const directory = await mkdtemp(join(tmpdir(), 'confab-s3-'))
    const service = new S3rver({
      address: '127.0.0.1',
      port: 0,
      silent: true,
      directory,
      serviceEndpoint: 'test',
      configureBuckets: [{ name: 'confab' }],
    })
    const { port } = await service.run()
    const server = new S3Server(directory, service, port)
    await server.open()
    return server
  }

  /** The proxy's. */
  get port(): number {
    return this.#port
  }

  place(other: Partial<S3Place> = {}): S3Place {
    const s3Endpoint = new URL(`http://127.0.0.1:${this.port}`)
    return {
      s3Endpoint,
      s3Bucket: 'confab',
      s3Region: 'eu-central-1',
      ...account,
      s3Prefix: '',
      s3Style: 'path',
      ...other,
    }
  }

  /** The next requests are answered so, one each. */
  answer(...instead: readonly Instead[]): void {
    this.#instead.push(...instead)
  }

  /** Passes a request on, and answers what the service does. */
  async pass({ method, url, headers, body }: Passing): Promise<{ status: number; body: Buffer }> {
    const onward = request({ host: '127.0.0.1', port: this.#inside, method, path: url, headers })
    onward.end(body)
    const [answer] = (await once(onward, 'response')) as [IncomingMessage]
    return { status: answer.statusCode ?? 0, body: await buffer(answer) }
  }

  /** Listens, once more on the same port. */
  async open(): Promise<void> {
    this.#proxy.listen(this.#port, '127.0.0.1')
    await once(this.#proxy, 'listening')
    this.#port = (this.#proxy.address() as AddressInfo).port
  }

  /** No longer listens, and drops who is connected. */
  async shut(): Promise<void> {
    if (!this.#proxy.listening) return
    this.#proxy.closeAllConnections()
    this.#proxy.close()
    await once(this.#proxy, 'close')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shut()
    await this.#service.close()
    await rm(this.directory, { recursive: true, force: true })
  }

  async #take(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = asked
    const passing: Passing = { method, url, headers, body: await buffer(asked) }
    this.passed.push(passing)
    const instead = this.#instead.shift()
    if (instead) return void (await instead(response, passing))
    const wrong = wrongOf(passing, account.s3SecretAccessKey)
    if (wrong) return void response.writeHead(403).end(`<Error><Code>${wrong}</Code></Error>`)
    const answer = await this.pass(passing)
    response.writeHead(answer.status).end(answer.body)
  }
}
