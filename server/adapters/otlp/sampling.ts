import type { TracingSettings } from '../../core/ports/tracer.ts'

/** Whether a trace that begins here is kept. By its id, so that every service that sees it decides alike (OpenTelemetry, TraceIdRatioBased). */
function keepsRoot({ sampler, ratio }: TracingSettings, trace: string): boolean {
  if (sampler.endsWith('always_off')) return false
  if (sampler.endsWith('always_on')) return true
  return Number.parseInt(trace.slice(-14), 16) < ratio * 2 ** 56
}

/** Whether an entry is kept: as its trace was decided where it began, unless the sampler says that nobody else decides. */
export function keeps(settings: TracingSettings, trace: string, parentKept: boolean | null): boolean {
  return parentKept !== null && settings.sampler.startsWith('parentbased_')
    ? parentKept
    : keepsRoot(settings, trace)
}
