import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { OtlpTracer } from '../../server/adapters/otlp/tracer.ts'
import { Unavailable } from '../../server/core/ports/failures.ts'
import type { Log } from '../../server/core/ports/log.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { TracingSettings } from '../../server/core/ports/tracer.ts'
import { TestServer } from '../support/app.ts'
import { Collector } from '../support/collector.ts'
import { ask } from '../support/raw-http.ts'
import { TestSocket } from '../support/socket.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const parent = 'b7ad6b7169203331'

/** A server that traces to the collector; ending it sends what is left. */
const traced = (collector: Collector, flags: Record<string, string> = {}, store?: (store: Store) => Store) =>
  TestServer.owned({ 'otlp-endpoint': collector.url, ...flags }, store ? { store } : {})

const end = ({ server }: { server: TestServer }) => server.app[Symbol.asyncDispose]()

test('a message by HTTP is traced as request, operation and commit, and one by socket as operation and commit', async () => {
  await using collector = await Collector.open()
  await using it = await traced(collector)
  const room = await it.owner.room('Traced')
  await it.owner.says(room, 'by HTTP')
  using socket = await TestSocket.in(it.server.url, { cookie: it.owner.cookie, origin: it.server.url })
  await socket.call('messages.post', { id: newId<MessageId>(), room, text: 'by socket' })
  await end(it)
  const [byHttp, bySocket] = collector.named('messages.post')
  const request = collector.spans.find(({ spanId }) => spanId === byHttp?.parentSpanId)
  assert.deepEqual([request?.name, request?.kind, byHttp?.kind, bySocket?.kind], ['HTTP POST', 2, 1, 2])
  assert.equal(request?.parentSpanId, undefined)
  assert.equal(bySocket?.parentSpanId, undefined)
  assert.deepEqual(byHttp?.attributes, { 'confab.transport': 'http', 'confab.outcome': 'ok' })
  assert.deepEqual(request?.attributes, {
    'http.request.method': 'POST',
    'http.response.status_code': '200',
  })
  for (const call of [byHttp, bySocket]) {
    const commit = collector.named('store.commit').find(({ parentSpanId }) => parentSpanId === call?.spanId)
    assert.equal(commit?.traceId, call?.traceId)
    assert.deepEqual(commit?.attributes, { 'confab.outcome': 'done' })
  }
})

test('a refusal is told by its code, and only what fails for want of us is a fault', async () => {
  await using collector = await Collector.open()
  let isOut = false
  await using it = await traced(collector, {}, store => ({
    ...store,
    commit: async change => {
      if (isOut) throw new Unavailable('the disk is away')
      return store.commit(change)
    },
  }))
  const room = await it.owner.room('Traced')
  await it.owner.refused('messages.get', { id: newId<MessageId>() })
  isOut = true
  await it.owner.refused('messages.post', { id: newId<MessageId>(), room, text: 'lost' })
  isOut = false
  await end(it)
  const told = (name: string) =>
    collector.named(name).map(({ attributes, status }) => [attributes['confab.outcome'], status.code])
  assert.deepEqual(told('messages.get'), [['not_found', undefined]])
  assert.deepEqual(told('messages.post'), [['unavailable', 2]])
  assert.deepEqual(told('store.commit').at(-1), [undefined, 2])
})

test("a trusted proxy's trace goes on here, and nobody else's does", async () => {
  await using collector = await Collector.open()
  await using trusting = await traced(collector, { 'trusted-proxies': '127.0.0.1' })
  await using plain = await traced(collector)
  for (const { server } of [trusting, plain]) {
    const headers = { host: new URL(server.url).host, traceparent: `00-${trace}-${parent}-01` }
    await ask(server.app.port, { path: '/api/workspace', headers })
  }
  await end(trusting)
  await end(plain)
  const entries = collector.named('HTTP GET')
  assert.deepEqual(
    entries.map(span => [span.traceId === trace, span.parentSpanId]),
    [
      [true, parent],
      [false, undefined],
    ],
  )
})

test('the sampler decides what is kept, whole traces at a time', async () => {
  await using collector = await Collector.open()
  const whole = ['HTTP GET', 'workspace.get']
  const kept = async (flags: Record<string, string>, traceparent: string) => {
    await using it = await traced(collector, { 'trusted-proxies': '127.0.0.1', ...flags })
    await ask(it.server.app.port, {
      path: '/api/workspace',
      headers: { host: new URL(it.server.url).host, traceparent },
    })
    await end(it)
    const found = collector.spans.splice(0).filter(({ name }) => whole.includes(name))
    for (const { traceId } of found) assert.equal(traceId, trace)
    return found.map(({ name }) => name).sort()
  }
  const [yes, no] = [`00-${trace}-${parent}-01`, `00-${trace}-${parent}-00`]
  assert.deepEqual(await kept({}, yes), whole)
  assert.deepEqual(await kept({}, no), [])
  assert.deepEqual(await kept({ 'otel-traces-sampler': 'always_on' }, no), whole)
  assert.deepEqual(await kept({ 'otel-traces-sampler': 'always_off' }, yes), [])
  // The trace's last 56 bits are 0x48eb211c80319c of 2^56: 0.285.
  const byRatio = (part: string) => ({
    'otel-traces-sampler': 'traceidratio',
    'otel-traces-sampler-arg': part,
  })
  assert.deepEqual(await kept(byRatio('0.28'), yes), [])
  assert.deepEqual(await kept(byRatio('0.29'), yes), whole)
})

test('[A1] no name, word or id of anybody is in a trace; the collector gets its key and what the operator tells of the process', async () => {
  await using collector = await Collector.open()
  await using it = await traced(collector, {
    'otlp-headers': 'x-key=a%20key',
    'otel-service-name': 'chat',
    'otel-resource-attributes': 'deployment.environment=trial',
  })
  const alice = await it.server.signUp('canary-alice')
  const room = await alice.room('canary of the name', 'private')
  await alice.says(room, 'canary of the message')
  await it.server.nobody.fetch('/api/canary?canary=1')
  await end(it)
  const told = JSON.stringify(collector.spans)
  assert.doesNotMatch(told, /canary/i)
  for (const id of [alice.id, room]) assert.ok(!told.includes(id))
  assert.equal(collector.headers['x-key'], 'a key')
  const { 'service.name': service, 'deployment.environment': environment } = collector.resource
  assert.deepEqual([service, environment], ['chat', 'trial'])
})

test('with no collector to be had the chat goes on, and ends as soon as ever', async () => {
  const gone = await Collector.open()
  await gone[Symbol.asyncDispose]()
  await using it = await traced(gone)
  const room = await it.owner.room('Alone')
  assert.equal((await it.owner.says(room, 'hello')).seq > 0, true)
  await end(it)
})

test('spans that nobody takes are kept to a bound, dropped beyond it, and sent when the collector is back', async () => {
  await using collector = await Collector.open()
  collector.status = 503
  const told: string[] = []
  const tell = (fields: object, sentence: string) => void told.push(`${sentence} ${JSON.stringify(fields)}`)
  const log: Log = { debug: tell, info: tell, warn: tell, error: tell }
  const settings: TracingSettings = {
    url: `${collector.url}/v1/traces`,
    headers: {},
    service: 'confab',
    resource: {},
    sampler: 'always_on',
    ratio: 1,
  }
  const tracer = new OtlpTracer(settings, { version: '1.0.0', node: 'n', log })
  const outcome = { failed: false, attributes: {} }
  for (let n = 0; n < 10_000; n++)
    await tracer.span(
      { name: `${n}`, is: 'entry', attributes: {} },
      async () => {},
      () => outcome,
    )
  collector.status = 200
  await tracer[Symbol.asyncDispose]()
  assert.equal(collector.spans.length, 2_048)
  assert.equal(collector.spans[0]?.name, '0')
  assert.ok(told.includes('Spans were dropped meanwhile. {"spans":7952}'), told.join('\n'))
})
