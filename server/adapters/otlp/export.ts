import type { Log } from '../../core/ports/log.ts'
import type { Span, TracingSettings } from '../../core/ports/tracer.ts'

/** A span that is over. `began`: Unix ms. */
interface EndedSpan {
  readonly name: string
  readonly is: Span['is']
  readonly trace: string
  readonly span: string
  readonly parent: string | undefined
  readonly began: number
  readonly ms: number
  readonly attributes: Span['attributes']
  readonly failed: boolean
}

/** Spans that wait for the collector; above it new ones are dropped, so that a collector that is away costs no memory. */
const mostWaiting = 2_048
const mostTogether = 512
const everyMs = 2_000
const patienceMs = 5_000
/** How long an end may wait for the last spans. */
const lastMs = 1_000
/** Answers after which the same spans may be taken later (OTLP, "Failures"). Others mean that they never will. */
const later = new Set([429, 502, 503, 504])

/** OTLP/HTTP with JSON (OpenTelemetry protocol 1.x): spans gather and go together. */
export class SpanExport implements AsyncDisposable {
  readonly #settings: TracingSettings
  readonly #about: { readonly version: string; readonly node: string; readonly log: Log }
  readonly #timer: NodeJS.Timeout
  #waiting: EndedSpan[] = []
  #dropped = 0
  #failing = false
  #sending: Promise<void> | null = null

  constructor(settings: TracingSettings, about: { version: string; node: string; log: Log }) {
    this.#settings = settings
    this.#about = about
    this.#timer = setInterval(() => void this.#send(patienceMs), everyMs)
    this.#timer.unref()
  }

  add(span: EndedSpan): void {
    if (this.#waiting.length >= mostWaiting) {
      this.#dropped++
      return
    }
    this.#waiting.push(span)
    if (this.#waiting.length >= mostTogether && !this.#failing) void this.#send(patienceMs)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#sending
    await this.#send(lastMs)
  }

  #send(withinMs: number): Promise<void> {
    this.#sending ??= this.#sendAll(withinMs).finally(() => {
      this.#sending = null
    })
    return this.#sending
  }

  async #sendAll(withinMs: number): Promise<void> {
    while (this.#waiting.length > 0) {
      const spans = this.#waiting.slice(0, mostTogether)
      const why = await this.#post(spans, withinMs)
      if (why && !this.#failing) this.#about.log.warn({ why }, 'The collector does not take traces.')
      this.#failing = why !== null
      if (why?.later) return
      this.#waiting = this.#waiting.slice(spans.length)
      if (this.#dropped > 0) this.#about.log.warn({ spans: this.#dropped }, 'Spans were dropped meanwhile.')
      this.#dropped = 0
    }
  }

  /** Why the collector did not take them, and whether it may later; null where it did. */
  async #post(spans: readonly EndedSpan[], withinMs: number): Promise<{ is: string; later: boolean } | null> {
    try {
      const response = await fetch(this.#settings.url, {
        method: 'POST',
        headers: { ...this.#settings.headers, 'Content-Type': 'application/json' },
        body: JSON.stringify(this.#message(spans)),
        redirect: 'error',
        signal: AbortSignal.timeout(withinMs),
      })
      await response.body?.cancel()
      return response.ok ? null : { is: `status ${response.status}`, later: later.has(response.status) }
    } catch (error) {
      const { name, cause } = error as { name: string; cause?: { code?: string } }
      return { is: cause?.code ?? name, later: true }
    }
  }

  #message(spans: readonly EndedSpan[]): object {
    const { service, resource } = this.#settings
    const { version, node } = this.#about
    const attributes = {
      ...resource,
      'service.name': service,
      'service.version': version,
      'service.instance.id': node,
    }
    const scopeSpans = [{ scope: { name: 'confab', version }, spans: spans.map(spanOf) }]
    return { resourceSpans: [{ resource: { attributes: pairs(attributes) }, scopeSpans }] }
  }
}

/** Times are strings of ns, kinds and states numbers: the JSON mapping of OTLP's protobuf. */
const spanOf = (of: EndedSpan) => ({
  traceId: of.trace,
  spanId: of.span,
  ...(of.parent && { parentSpanId: of.parent }),
  name: of.name,
  kind: of.is === 'entry' ? 2 : 1,
  startTimeUnixNano: nanoseconds(of.began),
  endTimeUnixNano: nanoseconds(of.began + of.ms),
  attributes: pairs(of.attributes),
  status: of.failed ? { code: 2 } : {},
})

const nanoseconds = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n)

const pairs = (of: Readonly<Record<string, string | number>>) =>
  Object.entries(of).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }))
