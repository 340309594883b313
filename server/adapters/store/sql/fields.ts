import type { Params } from './write.ts'

/**
 * The fields of a thing that each stand in a column, in their order: from one such table come the columns that are read, made and changed,
 * the guard that nobody changed it meanwhile, and what is left of it when its text goes. A field of the contract that is not in
 * it does not compile. `erased`, for what people fill in: what stands there once it was taken out. `fixed`: it is never changed.
 */
export type Fields<T> = { readonly [Name in keyof T]: Field<T[Name]> }

interface FieldOf<T> {
  readonly column: string
  readonly kind: [T] extends [boolean] ? 'flag' : [T] extends [number] ? 'number' : 'text'
  readonly fixed?: true
}

type Field<T> = FieldOf<T> & (string extends T ? { readonly erased: '' } : { readonly erased?: null })

/** A row of them: a flag is stored as 0 or 1. */
export type RowOfFields<T> = { [Name in keyof T]: T[Name] extends boolean ? number : T[Name] }

/** A value that may lack some. */
type Some<T> = { readonly [Name in keyof T]?: T[Name] | undefined }

interface Entry {
  readonly name: string
  readonly column: string
  readonly kind: 'flag' | 'number' | 'text'
  readonly fixed?: true
  readonly erased?: '' | null
}

const entries = <T>(fields: Fields<T>): Entry[] =>
  Object.entries<Omit<Entry, 'name'>>({ ...fields }).map(([name, field]) => ({ name, ...field }))

const sign = ({ kind }: Entry): string => (kind === 'text' ? '@' : '#')
const literal = (erased: '' | null): string => (erased === null ? 'NULL' : `'${erased}'`)

/** What a SELECT answers, by the names of the contract. */
export const selectFields = <T>(fields: Fields<T>, table: string): string =>
  entries(fields)
    .map(({ name, column }) => `${table}.${column} AS "${name}"`)
    .join(', ')

/** The columns, and the params in the same order. */
export function insertFields<T>(fields: Fields<T>): { readonly columns: string; readonly params: string } {
  const all = entries(fields)
  return {
    columns: all.map(({ column }) => column).join(', '),
    params: all.map(field => sign(field) + field.name).join(', '),
  }
}

/** Assignments of all that may change. */
export const setFields = <T>(fields: Fields<T>): string =>
  entries(fields)
    .filter(({ fixed }) => !fixed)
    .map(field => `${field.column} = ${sign(field)}${field.name}`)
    .join(', ')

/** Assignments of what stands there when the text is taken out. */
export const eraseFields = <T>(fields: Fields<T>): string =>
  entries(fields)
    .flatMap(({ column, erased }) => (erased === undefined ? [] : [`${column} = ${literal(erased)}`]))
    .join(', ')

/** A condition that holds while every field is as in the params. */
export const equalFields = <T>(fields: Fields<T>): string =>
  entries(fields)
    .map(field => `${field.column} IS NOT DISTINCT FROM ${sign(field)}${field.name}`)
    .join(' AND ')

/** The params of the fields; those that the value has not are null. */
export const fieldParams = <T>(fields: Fields<T>): ((value: Some<T>) => Params) => {
  const all = entries(fields)
  return value =>
    Object.fromEntries(
      all.map(({ name, kind }) => {
        const given = value[name as keyof T] as string | number | boolean | null | undefined
        return [name, kind === 'flag' ? flag(given === true) : ((given ?? null) as string | number | null)]
      }),
    )
}

/** The fields that people fill in, without what they wrote. */
export const erasedFields = <T>(fields: Fields<T>): Partial<T> =>
  Object.fromEntries(
    entries(fields).flatMap(({ name, erased }) => (erased === undefined ? [] : [[name, erased]])),
  ) as Partial<T>

/** The fields that a value of them lacks. */
export const missingFields = <T>(fields: Fields<T>, value: Some<T>): readonly string[] =>
  Object.keys(fields).filter(name => value[name as keyof T] === undefined)

/** A flag as it is stored. */
export const flag = (value: boolean): number => (value ? 1 : 0)
