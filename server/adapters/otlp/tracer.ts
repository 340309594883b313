import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import type { Log } from '../../core/ports/log.ts'
import type { Span, SpanOutcome, Tracer, TracingSettings } from '../../core/ports/tracer.ts'
import { SpanExport } from './export.ts'
import { keeps } from './sampling.ts'

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
export function otlpTracer(
  settings: TracingSettings,
  about: { version: string; node: string; log: Log },
): Tracer {
  const sent = new SpanExport(settings, about)
  const here = new AsyncLocalStorage<Place>()

  async function span<T>(
    { name, is, parent, attributes }: Span,
    work: () => Promise<T>,
    outcomeOf: (done: T) => SpanOutcome,
  ): Promise<T> {
    const within = is === 'entry' ? parentOf(parent) : (here.getStore() ?? null)
    const trace = within?.trace ?? id(16)
    const kept = is === 'step' && within ? within.kept : keeps(settings, trace, within?.kept ?? null)
    if (!kept) return here.run({ trace, span: '', kept }, work)
    const place: Place = { trace, span: id(8), kept }
    const began = Date.now()
    const begun = performance.now()
    let outcome = thrown
    try {
      const done = await here.run(place, work)
      outcome = outcomeOf(done)
      return done
    } finally {
      sent.add({
        name,
        is,
        trace,
        span: place.span,
        parent: within?.span,
        began,
        ms: performance.now() - begun,
        attributes: { ...attributes, ...outcome.attributes },
        failed: outcome.failed,
      })
    }
  }

  return { span, [Symbol.asyncDispose]: () => sent[Symbol.asyncDispose]() }
}
