/** Something that took its time. `entry`: it came from outside, perhaps as part of another's trace (`parent`, a W3C traceparent). */
export interface Span {
  readonly name: string
  readonly is: 'entry' | 'step'
  readonly parent?: string | undefined
  /** Words and numbers of ours; never what people wrote, their names, or whom or what it was about. */
  readonly attributes: Readonly<Record<string, string | number>>
}

/** What a span came to. `failed`: for want of us, not of the caller. */
export interface SpanOutcome {
  readonly failed: boolean
  readonly attributes: Span['attributes']
}

/** Where traces go, and which. `url`: the address that takes them, whole. `ratio`: of the traces that begin here, where the sampler goes by it. */
export interface TracingSettings {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly service: string
  readonly resource: Readonly<Record<string, string>>
  readonly sampler: string
  readonly ratio: number
}

/** Tells a collector what took how long as part of what. It never delays or fails the work, and keeps a bounded number of spans. */
export interface Tracer extends AsyncDisposable {
  /** Does the work; a step is part of the span whose work it was begun in. */
  span<T>(span: Span, work: () => Promise<T>, outcomeOf: (done: T) => SpanOutcome): Promise<T>
}
