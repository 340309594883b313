import type { TracingSettings } from './core/ports/tracer.ts'
import type { Setting } from './setting.ts'
import { setting } from './setting.ts'

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
]

type Pairs = Readonly<Record<string, string>>

const pairs = (of: Omit<Setting<Pairs>, 'expects' | 'read' | 'unset'>): Setting<Pairs> => ({
  ...of,
  unset: '',
  expects: 'pairs between commas, such as key=value,other=value, with % escapes in values',
  read: readPairs,
})

/** OpenTelemetry's standard variables, as far as a sender of traces has a use for them ("Environment Variable Specification"). */
export const tracingSettings = {
  otlpEndpoint: setting({
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    flag: 'otlp-endpoint',
    unset: '',
    expects: 'an http or https address, such as http://127.0.0.1:4318',
    does: 'The collector that traces go to, by OTLP over HTTP as JSON: /v1/traces below this address. Unset: nothing is traced.',
    read: readAddress,
  }),
  otlpTracesEndpoint: setting({
    variable: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    flag: 'otlp-traces-endpoint',
    unset: '',
    expects: 'an http or https address, such as http://127.0.0.1:4318/v1/traces',
    does: 'The whole address for traces, where it is another one. It goes before the endpoint.',
    read: readAddress,
  }),
  otlpHeaders: pairs({
    variable: 'OTEL_EXPORTER_OTLP_HEADERS',
    flag: 'otlp-headers',
    does: 'Headers for the collector, such as its key.',
    secret: true,
  }),
  otelService: setting({
    variable: 'OTEL_SERVICE_NAME',
    flag: 'otel-service-name',
    unset: 'confab',
    expects: 'a name of at most 200 characters',
    does: 'The name of this service in traces.',
    read: text => (text.length <= 200 ? text : undefined),
  }),
  otelResource: pairs({
    variable: 'OTEL_RESOURCE_ATTRIBUTES',
    flag: 'otel-resource-attributes',
    does: 'What else every trace says of this process.',
  }),
  otelSampler: setting({
    variable: 'OTEL_TRACES_SAMPLER',
    flag: 'otel-traces-sampler',
    unset: 'parentbased_always_on',
    expects: `one of ${samplers.join(', ')}`,
    does: 'Which traces are kept. `parentbased_` ones go by what a trusted proxy decided before.',
    read: text => samplers.find(name => name === text),
  }),
  otelSamplerRatio: setting({
    variable: 'OTEL_TRACES_SAMPLER_ARG',
    flag: 'otel-traces-sampler-arg',
    unset: '1',
    expects: 'a number from 0 to 1',
    does: 'The part of all traces that a `traceidratio` keeps.',
    read: text => (/^(0|1|0?\.\d{1,9}|1\.0+)$/.test(text) ? Number(text) : undefined),
  }),
} as const

type Given = {
  readonly [Name in keyof typeof tracingSettings]: (typeof tracingSettings)[Name] extends Setting<infer T>
    ? T
    : never
}

/** Where traces go and which; null where none are made. */
export function tracingOf(given: Given): TracingSettings | null {
  const { otlpEndpoint, otlpTracesEndpoint } = given
  const url =
    otlpTracesEndpoint ?? (otlpEndpoint && new URL(`${otlpEndpoint.href.replace(/\/$/, '')}/v1/traces`))
  if (!url) return null
  return {
    url: url.href,
    headers: given.otlpHeaders,
    service: given.otelService,
    resource: given.otelResource,
    sampler: given.otelSampler,
    ratio: given.otelSamplerRatio,
  }
}

function readAddress(text: string): URL | null | undefined {
  if (text === '') return null
  const url = URL.parse(text)
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : undefined
}

function readPairs(text: string): Pairs | undefined {
  const read: [string, string][] = []
  for (const pair of text.split(',').filter(word => word.trim() !== '')) {
    const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*([\x21-\x7e ]*?)\s*$/.exec(pair) ?? []
    if (name === undefined || value === undefined) return undefined
    try {
      read.push([name, decodeURIComponent(value)])
    } catch {
      return undefined
    }
  }
  return read.some(([, value]) => /[^\t\x20-\x7e]/.test(value)) ? undefined : Object.fromEntries(read)
}
