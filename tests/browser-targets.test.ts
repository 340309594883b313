import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseSync, visitorKeys } from 'oxc-parser'

const root = join(import.meta.dirname, '..')

interface Statement {
  version_added?: string | boolean | null
  flags?: unknown
}
interface Compat {
  __compat?: { support: Record<string, Statement | Statement[]> }
  [member: string]: unknown
}

// Read as a file, since its types are as large as its data.
const data = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@mdn/browser-compat-data'), 'utf8'),
) as { api: Record<string, Compat>; javascript: { builtins: Record<string, Compat> } }

/** The oldest browsers that the page is built for, as vite.config.ts names them. */
const targets = [
  ...readFileSync(join(root, 'vite.config.ts'), 'utf8').matchAll(/'(chrome|edge|firefox|safari)([\d.]+)'/g),
].map(([, browser = '', version = '']) => ({ browser, version: Number(version) }))

/** What is not what its name says, or is there all the same. */
const known: Readonly<Record<string, string>> = {
  'web/sync/line.ts: Iterator.drop': 'drops a connection',
  'web/sync/open-room.ts: Iterator.take': 'takes a page of messages',
}
/** web/ui/oldest.ts puts these in. */
const putIn = ['Symbol.dispose', 'Symbol.asyncDispose']
/** Methods of objects that nobody has who has not made one by its name. */
const ours = ['AsyncDisposableStack.move', 'DisposableStack.move']

function lacking(compat: Compat | undefined): string[] {
  if (!compat?.__compat) return []
  const { support } = compat.__compat
  return targets
    .filter(({ browser, version }) => ![support[browser] ?? []].flat().some(one => isThere(one, version)))
    .map(({ browser, version }) => `${browser} ${version}`)
}

function isThere({ version_added: added, flags }: Statement, version: number): boolean {
  if (flags !== undefined || typeof added !== 'string') return false
  return added !== 'preview' && Number.parseFloat(added.replace('≤', '')) <= version
}

/** Objects that a page has, by the interface that says what they can. */
const objects: Readonly<Record<string, string>> = {
  navigator: 'Navigator',
  document: 'Document',
  window: 'Window',
  crypto: 'Crypto',
  location: 'Location',
  history: 'History',
  performance: 'Performance',
  caches: 'CacheStorage',
}

/** The methods of the language's own objects, by their name. Of other objects nobody could tell them by the name alone. */
const methodsNamed = Map.groupBy(
  Object.entries(data.javascript.builtins).flatMap(([owner, members]) =>
    Object.entries(members)
      .filter(([name, member]) => !name.startsWith('_') && typeof member === 'object')
      .map(([name, member]) => ({ owner, name, compat: member as Compat })),
  ),
  ({ name }) => name,
)

interface Node {
  type: string
  [key: string]: unknown
}

/** What a text of TypeScript or JavaScript uses that one of the targets does not have. */
function missingIn(path: string, text: string): string[] {
  const found = new Set<string>()
  const tell: Tell = (name, without) => {
    if (without.length > 0 && !known[`${path}: ${name}`] && ![...putIn, ...ours].includes(name))
      found.add(`${name} is not in ${without.join(', ')}`)
  }
  const walk = (node: Node) => {
    if (node.type.startsWith('TS') && !/^TS(As|NonNull|Satisfies)/.test(node.type)) return
    if (node.type === 'NewExpression') {
      const { name } = node.callee as Node
      if (typeof name === 'string') tell(name, lacking(data.api[name] ?? data.javascript.builtins[name]))
    }
    if (node.type === 'MemberExpression' && !node.computed) ofKnown(node, tell)
    if (node.type === 'CallExpression') method(node.callee as Node, tell)
    for (const key of visitorKeys[node.type] ?? [])
      for (const child of [node[key]].flat())
        if (child && typeof (child as Node).type === 'string') walk(child as Node)
  }
  walk(parseSync(path, text).program as unknown as Node)
  return [...found].map(one => `${path}: ${one}`)
}

type Tell = (name: string, without: string[]) => void

/** A member of an object that is known by its name, such as `URL` or `navigator`. */
function ofKnown({ object, property }: Node, tell: Tell): void {
  const { type, name } = object as Node
  const owner = type === 'Identifier' ? (objects[name as string] ?? (name as string)) : ''
  const known = data.javascript.builtins[owner] ?? data.api[owner]
  const own = (property as Node).name as string
  tell(`${owner}.${own}`, lacking((known?.[`${own}_static`] ?? known?.[own]) as Compat | undefined))
}

/** A method that only objects of the language have, and each of them too lately. */
function method(callee: Node, tell: Tell): void {
  if (callee.type !== 'MemberExpression' || callee.computed) return
  const { type, name } = callee.property as Node
  if (type !== 'Identifier' || (callee.object as Node).type === 'ThisExpression') return
  const candidates = methodsNamed.get(name as string) ?? []
  if (candidates.every(({ compat }) => lacking(compat).length > 0))
    tell(`${candidates[0]?.owner}.${name}`, lacking(candidates[0]?.compat))
}

test('everything that the page uses is in the oldest browsers that it is built for', () => {
  const sources = globSync('{contract,web}/**/*.{ts,tsx}', { cwd: root }).filter(
    path => !/\.test\.tsx?$|paraglide/.test(path),
  )
  assert.ok(sources.length > 150 && targets.length === 4)
  assert.deepEqual(
    sources.flatMap(path => missingIn(path, readFileSync(join(root, path), 'utf8'))),
    [],
  )
})

test('what is too new is seen, however it is reached', () => {
  const missing = (text: string) => missingIn('a.ts', text).length
  for (const text of [
    'URL.parse(text)',
    'Promise.try(work)',
    'RegExp.escape(text)',
    'bytes.toBase64()',
    'Iterator.concat(a, b)',
    'const x = Error.isError(error)',
  ])
    assert.equal(missing(text) > 0, true, text)
  for (const text of [
    'new URL(text)',
    'list.at(-1)',
    'Promise.withResolvers()',
    'mine.parse(text)',
    'navigator.clipboard',
  ])
    assert.equal(missing(text), 0, text)
})
