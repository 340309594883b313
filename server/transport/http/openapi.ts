import * as z from 'zod/mini'
import type { ErrorCode } from '../../../contract/codes.ts'
import { errorCodes } from '../../../contract/codes.ts'
import { limits } from '../../../contract/limits.ts'
import type { Operation } from '../../../contract/operations/operation.ts'
import { operations } from '../../../contract/operations.ts'

type Json = { readonly [name: string]: unknown }
type ObjectSchema = Json & {
  readonly properties?: Record<string, Json>
  readonly required?: readonly string[]
}

/**
 * The table as an OpenAPI 3.1.1 document. Schemas are what JSON Schema can say of the contract; the rest (that a name is not in use, say)
 * is told by the answers.
 */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const [name, operation] of Object.entries<Operation>(operations))
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: operationObject(name, operation),
    }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Confab',
      version,
      description:
        'Everything that anyone can do in Confab. All operations but the http-only ones (`x-confab-transport: http`) are had over the WebSocket at /ws too, by their operationId.',
    },
    servers: [{ url: '/' }],
    paths: { ...paths, ...machinePaths },
    components: {
      schemas: { Error: errorSchema },
      responses: {
        Error: answerOf('Why it was refused, and what to do.', { $ref: '#/components/schemas/Error' }),
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token from POST /api/tokens.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'confab-3000',
          description:
            'The cookie that signing in sets: `__Host-confab` over https, `confab-<port>` over http. A change needs the Origin of the server with it.',
        },
      },
    },
  }
}

function operationObject(name: string, operation: Operation): Json {
  const input = schemaOf(operation.input, 'input') as ObjectSchema
  const fields = Object.entries(input.properties ?? {})
  const inPath = new Set([...operation.path.matchAll(/\{(\w+)\}/g)].map(match => match[1]))
  const rest = fields.filter(([field]) => !inPath.has(field))
  const byQuery = operation.method === 'GET' || operation.method === 'DELETE'
  const required = new Set(input.required)
  const parameters = [
    ...fields
      .filter(([field]) => inPath.has(field))
      .map(([field, schema]) => parameter(field, 'path', schema, true)),
    ...(byQuery ? rest.map(([field, schema]) => parameter(field, 'query', schema, required.has(field))) : []),
  ]
  return {
    operationId: name,
    tags: [name.split('.')[0]],
    summary: operation.does,
    ...(parameters.length > 0 && { parameters }),
    ...(operation.bytes ? { requestBody: bytesBody(operation.bytes) } : {}),
    ...(!byQuery && !operation.bytes && { requestBody: jsonBody(rest, required) }),
    responses: {
      200: answerOf('Done.', schemaOf(operation.output, 'output')),
      default: { $ref: '#/components/responses/Error' },
    },
    security: securityOf(operation),
    'x-confab-who': operation.who,
    'x-confab-transport': operation.transport,
  }
}

function securityOf({ who }: Operation): Json[] {
  if (who === 'anyone') return [{}]
  return who === 'session' ? [{ session: [] }] : [{ session: [] }, { token: [] }]
}

const parameter = (name: string, where: 'path' | 'query', schema: Json, required: boolean): Json => ({
  name,
  in: where,
  required,
  schema,
})

const jsonBody = (fields: readonly [string, Json][], required: ReadonlySet<string>): Json => ({
  required: fields.some(([field]) => required.has(field)),
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: Object.fromEntries(fields),
        required: fields.map(([field]) => field).filter(field => required.has(field)),
        additionalProperties: false,
      },
    },
  },
})

const bytesBody = ({ max, types }: NonNullable<Operation['bytes']>): Json => ({
  required: true,
  description: `The bytes themselves, at most ${max}.`,
  content: Object.fromEntries(types.map(type => [type, {}])),
})

const answerOf = (description: string, schema: Json): Json => ({
  description,
  content: { 'application/json': { schema } },
})

function schemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return rest
}

const codes = Object.keys(errorCodes) as ErrorCode[]
const errorSchema: Json = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: {
          type: 'string',
          enum: codes,
          description: codes
            .map(code => `\`${code}\` (${errorCodes[code].status}): ${errorCodes[code].means}`)
            .join('; '),
        },
        message: { type: 'string', description: 'A sentence for people.' },
        field: { type: 'string', description: 'The field of the input that is wrong.' },
        retryAfter: { type: 'number', description: 'Seconds to wait; in the header Retry-After too.' },
      },
    },
  },
}

const machinePath = (operationId: string, summary: string, schema: Json = { type: 'object' }): Json => ({
  operationId,
  tags: ['machine'],
  summary,
  responses: { 200: answerOf('Yes.', schema), default: { $ref: '#/components/responses/Error' } },
  security: [{}],
})

const machinePaths: Record<string, Json> = {
  '/healthz': { get: machinePath('healthz', 'Whether the process lives.') },
  '/readyz': { get: machinePath('readyz', 'Whether it serves: its store answers, and it is not ending.') },
  '/metrics': {
    get: {
      operationId: 'metrics',
      tags: ['machine'],
      summary: "What is counted, for Prometheus. Takes an administrator's token; a session will not do.",
      responses: {
        200: {
          description: 'In the text format of Prometheus, version 0.0.4.',
          content: { 'text/plain': {} },
        },
        default: { $ref: '#/components/responses/Error' },
      },
      security: [{ token: [] }],
    },
  },
  '/api/openapi.json': { get: machinePath('openapi', 'This document.') },
  '/files/{avatar}/{name}': {
    get: {
      operationId: 'avatar',
      tags: ['machine'],
      summary: "Somebody's picture, square, in one of its sizes.",
      parameters: [
        parameter('avatar', 'path', { type: 'string', format: 'uuid' }, true),
        parameter(
          'name',
          'path',
          { type: 'string', enum: limits.avatarSizes.map(size => `${size}.webp`) },
          true,
        ),
      ],
      responses: {
        200: { description: 'The picture.', content: { 'image/webp': {} } },
        304: { description: 'The one you have is still it.' },
        default: { $ref: '#/components/responses/Error' },
      },
      security: [{ session: [] }, { token: [] }],
    },
  },
}
