import type { Histogram } from '../core/meters.ts'

export type Labels = Readonly<Record<string, string | number>>

/** One metric by its name, with each of its samples. */
export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface Sample {
  /** What follows the family's name: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string
  readonly labels?: Labels
  readonly value: number
}

/** Content-Type of the format that `expose` writes. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

/** Metrics in Prometheus' text format 0.0.4 (prometheus.io, "Exposition formats"). */
export const expose = (families: readonly Family[]): string => families.map(lines).join('')

function lines({ name, type, help, samples }: Family): string {
  const shown = samples.map(
    ({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelled(labels)} ${value}\n`,
  )
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${shown.join('')}`
}

function labelled(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`)
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}

const escaped = (value: string): string =>
  value.replace(/[\\"\n]/g, character => (character === '\n' ? '\\n' : `\\${character}`))

/** A histogram's samples: each bucket counts what is in those before it too. `unit` turns what was observed into the family's unit. */
export function histogramSamples(
  { bounds, counts, sum }: Histogram,
  unit: number,
  labels: Labels = {},
): Sample[] {
  let count = 0
  const buckets = Array.from(counts, (many, n): Sample => {
    count += many
    const bound = bounds[n]
    // To 12 digits: 2.5 / 1000 is told as 0.0025.
    const le = bound === undefined ? '+Inf' : Number((bound * unit).toPrecision(12))
    return { suffix: '_bucket', labels: { ...labels, le }, value: count }
  })
  return [
    ...buckets,
    { suffix: '_sum', labels, value: sum * unit },
    { suffix: '_count', labels, value: count },
  ]
}
