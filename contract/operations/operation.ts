import * as z from 'zod/mini'

/**
 * One operation. `who`: `anyone` needs no identity, `somebody` a session or a token, `session` a session alone (a token is answered
 * `session_needed`), `administrator` somebody who is one. `transport`: `http` where a cookie is set or bytes are carried, `both` else.
 * Parts of the path in braces are fields of the input; the rest of the input is the query of a GET or DELETE, else the JSON body.
 * `bytes`: the body is raw bytes, at most so many, of one of the types.
 */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: `/api/${string}`
  readonly who: 'anyone' | 'somebody' | 'session' | 'administrator'
  readonly transport: 'both' | 'http'
  readonly does: string
  readonly input: z.ZodMiniType
  readonly output: z.ZodMiniType
  readonly bytes?: { readonly max: number; readonly types: readonly string[] }
}

/** A whole number that may come as a JSON number or as the digits of a query. */
export const whole = (max: number = Number.MAX_SAFE_INTEGER) =>
  z.union([
    z.int().check(z.nonnegative(), z.maximum(max)),
    z.pipe(
      z.string().check(z.regex(/^\d{1,15}$/, 'must be a whole number')),
      z.pipe(z.transform(Number), z.int().check(z.nonnegative(), z.maximum(max, `must be at most ${max}`))),
    ),
  ])

/** A list of ids that may come as a JSON array or as a query's words between commas. */
export const listOf = <Id extends z.ZodMiniType<string, string>>(id: Id, max: number) =>
  z.union([
    z.array(id).check(z.maxLength(max)),
    z.pipe(
      z.string().check(z.maxLength(max * 37)),
      z.pipe(
        z.transform((words: string) => words.split(',')),
        z.array(id).check(z.maxLength(max)),
      ),
    ),
  ])

export const nothing = z.strictObject({})
export const done = z.strictObject({})
