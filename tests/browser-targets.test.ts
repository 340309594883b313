import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseSync, visitorKeys } from 'oxc-parser'
import type { Compat, Features } from './support/oldest-browsers.ts'
import { data, lacking, targets } from './support/oldest-browsers.ts'

const root = join(import.meta.dirname, '..')

/** What is not what its name says, or is there all the same. */
const known: Readonly<Record<string, string>> = {
  'web/sync/storage/fallback-storage.ts: Iterator.drop': 'drops a row of the outbox',
  'web/sync/transport/reconnecting-socket.ts: Iterator.drop': 'drops a connection',
  'web/sync/room/open-room.ts: Iterator.take': 'takes a page of messages',
  'web/ui/forms/PasswordField.tsx: <input autocapitalize>':
    'a hint to keyboards, which a password does without',
  'web/ui/forms/PasswordField.tsx: <input autocorrect>': 'a hint to keyboards, which a password does without',
}
/** web/ui/oldest.ts puts these in. */
const putIn = ['Symbol.dispose', 'Symbol.asyncDispose']
/** Methods of objects that nobody has who has not made one by its name. */
const ours = ['AsyncDisposableStack.move', 'DisposableStack.move']

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
  scheduler: 'Scheduler',
}

/** Objects that a page works with all the time. Methods of all others would be taken for our own of the same name. */
const everyday =
  /^(Element|HTMLElement|HTML(Anchor|Button|Dialog|Form|Image|Input|Select|TextArea)Element|Node|NodeList|Document|DocumentFragment|Event|(Keyboard|Pointer|Input|Clipboard|Drag)Event|DataTransfer|Range|Selection|DOMRect|DOMTokenList|AbortSignal|Blob|File|FormData|Request|Response|Headers|URL|URLSearchParams|IDB\w+|Cache|CacheStorage|WebSocket|ServiceWorker\w*|Clipboard|Animation)$/

/** The methods of all objects that a browser has, by their name. */
const methodsNamed = Map.groupBy(
  [...Object.entries(data.javascript.builtins), ...Object.entries(data.api)].flatMap(([owner, members]) =>
    Object.entries(members)
      .filter(([name, member]) => !name.startsWith('_') && typeof member === 'object')
      .map(([name, member]) => ({ owner, name, compat: member as Compat })),
  ),
  ({ name }) => name,
)

/** Functions that a page calls by their name alone. */
const globals: Features = { ...data.api.Window, ...data.javascript.builtins, ...data.api } as Features

const attributes: Features = data.html.global_attributes

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
    if (node.type === 'CallExpression') called(node.callee as Node, tell)
    if (node.type === 'JSXOpeningElement') attributesOf(node, tell)
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

/** A function that is called by its name, or a method of a usual object where every object with one of that name got it too lately. */
function called(callee: Node, tell: Tell): void {
  if (callee.type === 'Identifier') {
    const { name } = callee as { name?: string }
    if (name !== undefined && Object.hasOwn(globals, name)) tell(name, lacking(globals[name]))
  }
  if (callee.type !== 'MemberExpression' || callee.computed) return
  const { type, name } = callee.property as Node
  if (type !== 'Identifier' || (callee.object as Node).type === 'ThisExpression') return
  const candidates = methodsNamed.get(name as string) ?? []
  const usual = candidates.find(({ owner }) => owner in data.javascript.builtins || everyday.test(owner))
  if (usual && candidates.every(({ compat }) => lacking(compat).length > 0))
    tell(`${usual.owner}.${name}`, lacking(usual.compat))
}

/** What an element of HTML is given, as React spells it. */
function attributesOf({ name, attributes: given }: Node, tell: Tell): void {
  const element = (name as Node).name
  if (typeof element !== 'string' || !/^[a-z]/.test(element)) return
  for (const { name: attribute } of given as { name?: Node }[]) {
    const own = typeof attribute?.name === 'string' ? attribute.name.toLowerCase() : ''
    const known = data.html.elements[element]?.[own] ?? attributes[own]
    tell(`<${element} ${own}>`, lacking(known as Compat | undefined))
  }
}

test('the README promises the browsers that the page is built for', () => {
  const promised = / In ([^\n]*)\.\n/.exec(
    readFileSync(join(root, 'README.md'), 'utf8').split('in English and German.')[1] ?? '',
  )
  for (const { browser, version } of targets)
    assert.match(promised?.[1]?.toLowerCase() ?? '', new RegExp(`${browser}\\D* ${version}(,|$)`))
})

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
  const missing = (text: string) => missingIn('a.tsx', text).length
  for (const text of [
    'URL.parse(text)',
    'Promise.try(work)',
    'RegExp.escape(text)',
    'bytes.toBase64()',
    'Iterator.concat(a, b)',
    'const x = Error.isError(error)',
    'requestIdleCallback(work)',
    'dialog.requestClose()',
    'list.moveBefore(row, other)',
    'scheduler.yield()',
    'navigator.vibrate(1)',
    'const x = <dialog closedby="any" />',
    'const x = <input enterKeyHint="send" writingSuggestions="false" />',
  ])
    assert.equal(missing(text) > 0, true, text)
  for (const text of [
    'new URL(text)',
    'list.at(-1)',
    'Promise.withResolvers()',
    'mine.parse(text)',
    'navigator.clipboard',
    'structuredClone(value)',
    'const x = <textarea enterKeyHint="send" inert />',
  ])
    assert.equal(missing(text), 0, text)
})
