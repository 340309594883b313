import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

interface Pair {
  readonly key: string
  readonly value: { readonly stringValue?: string; readonly intValue?: string }
}

interface WireSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly Pair[]
  readonly status: { readonly code?: number }
}

interface Message {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Pair[] }
    readonly scopeSpans: readonly { readonly scope: { name: string }; readonly spans: readonly WireSpan[] }[]
  }[]
}

export interface ReceivedSpan extends Omit<WireSpan, 'attributes'> {
  readonly attributes: Readonly<Record<string, string>>
}

/** A collector of traces on loopback: it takes OTLP over HTTP as JSON, and refuses what is not of its form. */
export class Collector implements AsyncDisposable {
  readonly url: string
  readonly spans: ReceivedSpan[] = []
  /** Of the last message. */
  resource: Readonly<Record<string, string>> = {}
  headers: IncomingMessage['headers'] = {}
  /** What it answers; other than 200 it keeps nothing. */
  status = 200
  readonly #server: Server

  private constructor(server: Server, url: string) {
    this.#server = server
    this.url = url
  }

  static async open(): Promise<Collector> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const collector = new Collector(server, `http://127.0.0.1:${port}`)
    server.on('request', (request, response) => void collector.#answer(request, response))
    return collector
  }

  named(name: string): ReceivedSpan[] {
    return this.spans.filter(span => span.name === name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const message = (await json(request)) as Message
    if (this.status === 200) this.#take(request, message)
    response.writeHead(this.status).end('{}')
  }

  #take({ url, method, headers }: IncomingMessage, { resourceSpans }: Message): void {
    assert.deepEqual([method, url, headers['content-type']], ['POST', '/v1/traces', 'application/json'])
    this.headers = headers
    for (const { resource, scopeSpans } of resourceSpans) {
      this.resource = plain(resource.attributes)
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        assert.match(span.traceId, /^[\da-f]{32}$/)
        assert.match(span.spanId, /^[\da-f]{16}$/)
        assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano))
        this.spans.push({ ...span, attributes: plain(span.attributes) })
      }
    }
  }
}

const plain = (pairs: readonly Pair[]): Record<string, string> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? '']))
