import { readFileSync } from 'node:fs'
import { join } from 'node:path/posix'
import type { ParseResult } from 'oxc-parser'
import { parseSync, visitorKeys } from 'oxc-parser'

/** What the architecture test needs to know of one source file. */
export interface Module {
  /** From the repository's root, with forward slashes. */
  path: string
  imports: Import[]
  /** The names that it declares and exports. */
  exports: string[]
  functions: NamedFunction[]
  lines: number
  readsEnvironment: boolean
  /** Nothing but imports and re-exports is in it. */
  onlyPassesOn: boolean
}

export interface Import {
  /** As it is written. */
  from: string
  /** The file that a relative import names, from the repository's root; absent for a package. */
  file: string | undefined
  /** Written `import(...)`, loaded when it is reached. */
  lazy: boolean
}

export interface NamedFunction {
  name: string
  /** Its first line. */
  line: number
  /** How many lines it takes, with those of the functions within it. */
  lines: number
}

interface Node {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

/**
 * Parses one TypeScript file.
 *
 * @throws when it does not parse
 */
export function readModule(root: string, path: string): Module {
  return parseModule(path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8'))
}

/** As `readModule`, of a text. */
export function parseModule(path: string, text: string): Module {
  const result = parseSync(path, text)
  const error = result.errors.find(({ severity }) => severity === 'Error')
  if (error) throw new Error(`${path} does not parse: ${error.message}`)
  const program = result.program as unknown as Node
  const body = program.body as Node[]
  return {
    path,
    imports: importsOf(path, result, text),
    exports: exportsOf(result),
    functions: functionsOf(program, text),
    lines: lineAt(text, text.trimEnd().length),
    readsEnvironment: contains(program, isEnvironment),
    onlyPassesOn:
      body.some(passesOn) && body.every(node => passesOn(node) || node.type === 'ImportDeclaration'),
  }
}

/** The circles that the imports make, from a file back to it. An import that is loaded when it is reached closes none. */
export function cycles(modules: Module[]): string[][] {
  const byPath = new Map(modules.map(module => [module.path, module]))
  const done = new Set<string>()
  const found: string[][] = []
  const walk = (path: string, way: string[]) => {
    const at = way.indexOf(path)
    if (at >= 0) found.push([...way.slice(at), path])
    if (at >= 0 || done.has(path)) return
    for (const { file, lazy } of byPath.get(path)?.imports ?? []) {
      if (file && !lazy) walk(file, [...way, path])
    }
    done.add(path)
  }
  for (const { path } of modules) walk(path, [])
  return found
}

function importsOf(path: string, { module }: ParseResult, text: string): Import[] {
  const imported = module.staticImports.map(({ moduleRequest }) => moduleRequest.value)
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(entry => entry.moduleRequest?.value ?? []),
  )
  const reached = module.dynamicImports.map(({ moduleRequest: { start, end } }) =>
    text.slice(start, end).replace(/^['"`]|['"`]$/g, ''),
  )
  const named = (lazy: boolean) => (from: string) => ({ from, file: fileOf(path, from), lazy })
  return [...[...imported, ...exported].map(named(false)), ...reached.map(named(true))]
}

/** The file that a relative import names; Vite's `?worker&url` and the like are left out. */
function fileOf(path: string, from: string): string | undefined {
  return from.startsWith('.') ? join(path, '..', from.replace(/\?.*$/, '')) : undefined
}

function passesOn(node: Node): boolean {
  const exports = node.type === 'ExportAllDeclaration' || node.type === 'ExportNamedDeclaration'
  return exports && node.source !== null && node.source !== undefined
}

/** `process.env`, or `env` taken out of the process. */
function isEnvironment(node: Node): boolean {
  if (node.type === 'MemberExpression')
    return isNamed(node.object, 'process') && isNamed(node.property, 'env')
  if (node.type === 'ImportSpecifier') return isNamed(node.imported, 'env')
  if (node.type !== 'VariableDeclarator' || !isNamed(node.init, 'process')) return false
  return contains(node.id as Node, inner => inner.type === 'Property' && isNamed(inner.key, 'env'))
}

function functionsOf(program: Node, text: string): NamedFunction[] {
  const found: NamedFunction[] = []
  const visit = (node: Node, name: string | undefined) => {
    if (isFunction(node)) {
      const own = (node.id as Node | null)?.name as string | undefined
      const first = lineAt(text, node.start)
      found.push({
        name: own ?? name ?? `line ${first}`,
        line: first,
        lines: span(text, node.start, node.end),
      })
    }
    for (const child of children(node)) visit(child, nameFor(node) ?? (isFunction(node) ? undefined : name))
  }
  visit(program, undefined)
  return found
}

function nameFor(node: Node): string | undefined {
  const named = node.type === 'VariableDeclarator' ? node.id : node.key
  return isNode(named) && typeof named.name === 'string' ? named.name : undefined
}

function isFunction(node: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)
}

function contains(node: Node, holds: (node: Node) => boolean): boolean {
  return holds(node) || children(node).some(child => contains(child, holds))
}

function children(node: Node): Node[] {
  return (visitorKeys[node.type] ?? []).flatMap(key => node[key]).filter(isNode)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

function isNamed(value: unknown, name: string): boolean {
  return isNode(value) && value.name === name
}

function span(text: string, start: number, end: number): number {
  return lineAt(text, end) - lineAt(text, start) + 1
}

function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

const exportsOf = ({ module }: ParseResult): string[] =>
  module.staticExports
    .flatMap(({ entries }) => entries)
    .flatMap(({ moduleRequest, exportName }) => (moduleRequest ? [] : (exportName.name ?? [])))
