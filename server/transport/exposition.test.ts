import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Histogram } from '../core/meters.ts'
import { expose, histogramSamples } from './exposition.ts'

test('a metric is told with what it is, and each sample on a line', () => {
  const samples = [{ labels: { transport: 'http', code: 4000 }, value: 2 }, { value: 0.5 }]
  assert.equal(
    expose([{ name: 'calls_total', type: 'counter', help: 'Calls.', samples }]),
    '# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total{transport="http",code="4000"} 2\ncalls_total 0.5\n',
  )
})

test('nothing in a label begins a new line or ends it early', () => {
  const samples = [{ labels: { it: 'a"b\\c\nd' }, value: 1 }]
  assert.match(expose([{ name: 'x', type: 'gauge', help: 'X.', samples }]), /^x\{it="a\\"b\\\\c\\nd"\} 1$/m)
})

test('a bucket counts what is in those before it, in the unit of the metric', () => {
  const times = new Histogram([1, 2.5])
  for (const ms of [0.5, 1, 2, 2.5, 100]) times.observe(ms)
  const samples = histogramSamples(times, 1 / 1_000)
  assert.equal(
    expose([{ name: 's', type: 'histogram', help: 'S.', samples }])
      .split('\n')
      .slice(2)
      .join('\n'),
    's_bucket{le="0.001"} 2\ns_bucket{le="0.0025"} 4\ns_bucket{le="+Inf"} 5\ns_sum 0.106\ns_count 5\n',
  )
})
