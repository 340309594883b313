import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mock, test } from 'node:test'
import { errorCodes } from '../../contract/codes.ts'
import type { Operation } from '../../contract/operations/operation.ts'
import { operations } from '../../contract/operations.ts'
import { apiDoc } from '../../scripts/api-doc.ts'
import { TestServer } from '../support/app.ts'

type Json = Record<string, unknown>
interface Described {
  operationId: string
  summary: string
  parameters?: { name: string; in: string; required: boolean; schema: Json }[]
  requestBody?: { required: boolean; content: Record<string, { schema?: Json }> }
  responses: Record<string, Json>
  security: Record<string, string[]>[]
}
interface Document {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Described>>
  components: { schemas: Json; responses: Json; securitySchemes: Record<string, Json> }
}

const all = Object.entries<Operation>(operations)

async function fetched(): Promise<Document> {
  await using server = await TestServer.bare()
  const response = await server.nobody.fetch('/api/openapi.json')
  assert.equal(response.headers.get('content-type'), 'application/json')
  return (await response.json()) as Document
}

test('the document is encoded once, and not sent to whoever has it', async () => {
  await using server = await TestServer.bare()
  const first = await server.nobody.fetch('/api/openapi.json')
  const tag = first.headers.get('etag')
  assert.match(tag ?? '', /^"[\w-]{43}"$/)
  const encode = mock.method(JSON, 'stringify')
  const text = await first.text()
  const again = await server.nobody.fetch('/api/openapi.json')
  assert.equal(await again.text(), text)
  assert.ok(!encode.mock.calls.some(({ arguments: [value] }) => Object.hasOwn(Object(value), 'openapi')))
  const known = await server.nobody.fetch('/api/openapi.json', {
    headers: { 'If-None-Match': `W/"x", ${tag}` },
  })
  assert.deepEqual([known.status, await known.text(), known.headers.get('etag')], [304, '', tag])
})

test('the document has every operation of the table at its method and path, and no other under /api', async () => {
  const { paths } = await fetched()
  for (const [name, { method, path, does }] of all) {
    const described = paths[path]?.[method.toLowerCase()]
    assert.equal(described?.operationId, name)
    assert.equal(described?.summary, does)
  }
  const told = Object.entries(paths)
    .filter(([path]) => path.startsWith('/api/') && path !== '/api/openapi.json')
    .flatMap(([, methods]) => Object.values(methods).map(({ operationId }) => operationId))
  assert.deepEqual(told.sort(), all.map(([name]) => name).sort())
})

test('the document is one of OpenAPI 3.1: paths, parameters, bodies, answers and references are whole', async () => {
  const document = await fetched()
  assert.match(document.openapi, /^3\.1\.\d+$/)
  assert.ok(document.info.title && document.info.version)
  const ids = new Set<string>()
  for (const [path, methods] of Object.entries(document.paths)) {
    assert.match(path, /^\/[\w/{}.-]+$/)
    for (const [method, described] of Object.entries(methods)) {
      assert.ok(['get', 'put', 'post', 'delete', 'patch'].includes(method))
      assert.ok(!ids.has(described.operationId), described.operationId)
      ids.add(described.operationId)
      wholeParameters(path, described)
      wholeSecurity(document, described)
      assert.ok(described.responses['200'] && described.responses.default, described.operationId)
      if (method === 'get' || method === 'delete') assert.equal(described.requestBody, undefined)
    }
  }
  for (const reference of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = (reference[1] ?? '')
      .split('/')
      .reduce<unknown>((at, part) => (at as Json | undefined)?.[part], document)
    assert.ok(found, reference[0])
  }
  assert.doesNotMatch(JSON.stringify(document), /"\$schema"|undefined/)
})

function wholeParameters(path: string, described: Described): void {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1])
  const parameters = described.parameters ?? []
  assert.deepEqual(
    parameters.filter(one => one.in === 'path').map(one => one.name),
    inPath,
    described.operationId,
  )
  for (const { name, in: where, required, schema } of parameters) {
    assert.ok(where === 'query' || (where === 'path' && required), name)
    assert.ok(Object.keys(schema).length > 0, `${described.operationId} ${name}`)
  }
  const names = parameters.map(one => `${one.in} ${one.name}`)
  assert.equal(new Set(names).size, names.length)
  for (const { schema } of Object.values(described.requestBody?.content ?? {}))
    if (schema) assert.deepEqual([schema.type, schema.additionalProperties], ['object', false])
}

function wholeSecurity(document: Document, { security, operationId }: Described): void {
  assert.ok(security.length > 0, operationId)
  for (const one of security)
    for (const scheme of Object.keys(one))
      assert.ok(Object.hasOwn(document.components.securitySchemes, scheme), scheme)
}

test('who may call an operation is told: nobody in particular, a session, or a token too', async () => {
  const { paths } = await fetched()
  const schemes = {
    anyone: '',
    session: 'session',
    somebody: 'session token',
    administrator: 'session token',
  }
  for (const [name, { method, path, who }] of all) {
    const told = paths[path]?.[method.toLowerCase()]?.security.flatMap(one => Object.keys(one)).join(' ')
    assert.equal(told, schemes[who], name)
  }
})

test('what machines ask for is told too, and who may', async () => {
  const { paths } = await fetched()
  const securityOf = (path: string) => paths[path]?.get?.security
  assert.deepEqual([securityOf('/healthz'), securityOf('/readyz')], [[{}], [{}]])
  assert.deepEqual(securityOf('/metrics'), [{ token: [] }])
})

test('every code that a call may be refused with is told', async () => {
  const { components } = await fetched()
  const text = JSON.stringify(components.schemas)
  for (const code of Object.keys(errorCodes)) assert.ok(text.includes(`"${code}"`), code)
})

test('docs/API.md is what the table makes it', () => {
  const text = readFileSync(new URL('../../docs/API.md', import.meta.url), 'utf8')
  assert.equal(text, apiDoc(), 'run `node confab.mjs run scripts/api-doc.ts`')
})
