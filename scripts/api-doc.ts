// Writes docs/API.md from the table of operations: `node confab.mjs run scripts/api-doc.ts`. A test holds that it is current.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { errorCodes } from '../contract/codes.ts'
import { me, member, membership, message, room, session, token, user } from '../contract/entities.ts'
import type { Operation } from '../contract/operations/operation.ts'
import type { OperationName } from '../contract/operations.ts'
import { operations } from '../contract/operations.ts'
import { confirmationNote } from '../server/core/authentication/confirmation.ts'
import { openApiDocument } from '../server/transport/http/openapi.ts'

interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
}

interface Described {
  readonly operationId: string
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: Schema }[]
  readonly requestBody?: { content: Readonly<Record<string, { schema?: Schema }>> }
  readonly responses: { readonly 200: { content: { 'application/json': { schema: Schema } } } }
}

const who: Readonly<Record<Operation['who'], string>> = {
  anyone: 'anyone',
  somebody: 'who is signed in, or a token',
  session: 'who is signed in; no token',
  administrator: 'an administrator',
}

/** docs/API.md as it is to be. */
export function apiDoc(): string {
  const document = openApiDocument('') as { paths: Record<string, Record<string, Described>> }
  const sections = Object.entries<Operation>(operations).map(([name, operation]) => {
    const described = document.paths[operation.path]?.[operation.method.toLowerCase()]
    return described ? section(name, operation, described) : ''
  })
  return [opening, ...sections, things(), '## Why a call is refused', '', codes(), ''].join('\n')
}

/** What answers are made of, by its name in them. */
const named = {
  Me: me,
  User: user,
  Room: room,
  Membership: membership,
  Member: member,
  Message: message,
  Session: session,
  Token: token,
}
const nameOf = new Map<string, string>()
for (const [name, schema] of Object.entries(named))
  nameOf.set(objectOf(z.toJSONSchema(schema) as Schema), name)

function things(): string {
  const rows = [...nameOf].map(([type, name]) => `- \`${name}\` is \`${type}\``)
  return ['## What answers are made of', '', ...rows, ''].join('\n')
}

const opening = `# The API

Generated from the table of operations (\`contract/operations.ts\`) by \`scripts/api-doc.ts\`. The same as an OpenAPI 3.1 document is at
\`/api/openapi.json\` of every server.

JSON in and out, in UTF-8. Each operation is had over HTTP, and over the WebSocket at \`/ws\` by its name with the same input, unless it says
*HTTP only*. Who is asking is shown by a token, \`Authorization: Bearer <token>\` (made on the security page), or by the session cookie that signing
in sets; a change by cookie needs \`Origin\` too. Every create takes an \`id\` that the caller makes (a UUID, v7 best), so that the same call again is
safe: it is answered the same and done once. A field that is not named here is refused.

\`\`\`sh
curl -H "Authorization: Bearer $TOKEN" http://localhost:3000/api/rooms
\`\`\`

Over HTTP a field in braces stands in the path. The others of a GET or a DELETE stand in the query, since neither takes a body; those of all
other methods are the JSON body.

A question mark stands behind a field that may be left out. Times are milliseconds since 1970; \`seq\` counts the events of a log.
`

function section(name: string, operation: Operation, described: Described): string {
  const fields =
    described.parameters?.map(
      ({ name: field, in: where, required, schema }) =>
        `${fieldOf(field, schema, required)}${where === 'query' ? ' in the query' : ''}`,
    ) ?? []
  const body = Object.entries(described.requestBody?.content ?? {})
  const json = body.find(([type]) => type === 'application/json')?.[1].schema
  const bytes =
    operation.bytes &&
    `the bytes of a file (${operation.bytes.types.join(', ')}), at most ${operation.bytes.max / 2 ** 20} MiB`
  const needs = confirmationNote(name as OperationName)
  const taken = [...fields, ...fieldsOf(json), ...(bytes ? [bytes] : [])]
  return [
    `## ${name}`,
    '',
    `\`${operation.method} ${operation.path}\` for ${who[operation.who]}${operation.transport === 'http' ? '; HTTP only' : ''}. ${operation.does}${needs ? ` ${needs}` : ''}`,
    '',
    `- takes ${taken.length > 0 ? taken.join(', ') : 'nothing'}`,
    `- answers \`${typeOf(described.responses[200].content['application/json'].schema)}\``,
    '',
  ].join('\n')
}

const fieldsOf = (schema: Schema | undefined): string[] =>
  Object.entries(schema?.properties ?? {}).map(([name, one]) =>
    fieldOf(name, one, schema?.required?.includes(name) ?? false),
  )

const fieldOf = (name: string, schema: Schema, required: boolean): string =>
  `\`${name}${required ? '' : '?'}: ${typeOf(schema)}\``

/** A schema in one line, as TypeScript would write its type. */
function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(' | ')
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' | ')
  if (schema.items) return `${bracketed(typeOf(schema.items))}[]`
  if (schema.properties) return nameOf.get(objectOf(schema)) ?? objectOf(schema)
  if (typeof schema.additionalProperties === 'object')
    return `{ [id]: ${typeOf(schema.additionalProperties)} }`
  return schema.type === 'object' ? '{}' : (schema.type ?? 'anything')
}

function bracketed(type: string): string {
  return type.includes(' | ') && !type.startsWith('{') ? `(${type})` : type
}

function objectOf(schema: Schema): string {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, one]) => `${name}${schema.required?.includes(name) ? '' : '?'}: ${typeOf(one)}`,
  )
  return fields.length > 0 ? `{ ${fields.join(', ')} }` : '{}'
}

function codes(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, retry, means }]) => `| \`${code}\` | ${status} | ${means} | ${retry ? 'yes' : ''} |`,
  )
  return [
    'Refusals are `{"error": {"code", "message", "field"?, "retryAfter"?}}`. A program decides by the code; the message is for people, `field` names what',
    'is wrong, `retryAfter` is in seconds and in the header `Retry-After` too.',
    '',
    '| code | status | means | the same call may succeed later |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n')
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(join(import.meta.dirname, '..', 'docs', 'API.md'), apiDoc())
