import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import type { Log } from '../../core/ports/log.ts'
import type { Span, SpanOutcome, Tracer, TracingSettings } from '../../core/ports/tracer.ts'
import { SpanExport } from './export.ts'

/** A span as the work in it knows it. */
interface Place {
  readonly trace: string
  readonly span: string
  readonly kept: boolean
}

const thrown: SpanOutcome = { failed: true, attributes: {} }
const id = (bytes: number): string => randomBytes(bytes).toString('hex')

/** Where a W3C traceparent says that we are (W3C Trace Context, section 3.2); null where it is not of its form. */
function parentOf(parent: string | undefined): Place | null {
  const [, trace = '', span = '', flags = ''] =
    /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(parent ?? '') ?? []
  if (!/[1-9a-f]/.test(trace) || !/[1-9a-f]/.test(span)) return null
  return { trace, span, kept: (Number.parseInt(flags, 16) & 1) === 1 }
}

/** Sends spans to a collector that speaks OTLP over HTTP. */
export class OtlpTracer implements Tracer {
  readonly #settings: TracingSettings
  readonly #export: SpanExport
  readonly #here = new AsyncLocalStorage<Place>()

  constructor(settings: TracingSettings, about: { version: string; node: string; log: Log }) {
    this.#settings = settings
    this.#export = new SpanExport(settings, about)
  }

  async span<T>(span: Span, work: () => Promise<T>, outcomeOf: (done: T) => SpanOutcome): Promise<T> {
    const within = span.is === 'entry' ? parentOf(span.parent) : (this.#here.getStore() ?? null)
    const trace = within?.trace ?? id(16)
    const kept = this.#keeps(span, trace, within)
    if (!kept) return this.#here.run({ trace, span: '', kept }, work)
    const place: Place = { trace, span: id(8), kept }
    const began = Date.now()
    const begun = performance.now()
    let outcome = thrown
    try {
      const done = await this.#here.run(place, work)
      outcome = outcomeOf(done)
      return done
    } finally {
      this.#export.add({
        name: span.name,
        is: span.is,
        trace,
        span: place.span,
        parent: within?.span,
        began,
        ms: performance.now() - begun,
        attributes: { ...span.attributes, ...outcome.attributes },
        failed: outcome.failed,
      })
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#export[Symbol.asyncDispose]()
  }

  /** A step is kept with what it is part of. */
  #keeps({ is }: Span, trace: string, within: Place | null): boolean {
    return is === 'step' && within ? within.kept : keeps(this.#settings, trace, within?.kept ?? null)
  }
}

/** Whether a trace that begins here is kept. By its id, so that every service that sees it decides alike (OpenTelemetry, TraceIdRatioBased). */
function keepsRoot({ sampler, ratio }: TracingSettings, trace: string): boolean {
  if (sampler.endsWith('always_off')) return false
  if (sampler.endsWith('always_on')) return true
  return Number.parseInt(trace.slice(-14), 16) < ratio * 2 ** 56
}

/** Whether an entry is kept: as its trace was decided where it began, unless the sampler says that nobody else decides. */
function keeps(settings: TracingSettings, trace: string, parentKept: boolean | null): boolean {
  return parentKept !== null && settings.sampler.startsWith('parentbased_')
    ? parentKept
    : keepsRoot(settings, trace)
}
