import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Compat, Features } from './support/oldest-browsers.ts'
import { data, lacking } from './support/oldest-browsers.ts'

const root = join(import.meta.dirname, '..')
const { properties, selectors, types, 'at-rules': atRules } = data.css

/** What a browser without it does without, and nothing is lost. */
const spared: Readonly<Record<string, string>> = {
  'text-wrap: pretty': 'the last line of a paragraph may be a single word',
  'text-size-adjust': 'set for iOS, under its prefix; others enlarge nothing by themselves',
  'scrollbar-width': 'the scrollbar is as wide as elsewhere',
  'scrollbar-color': 'the scrollbar has the colours of the system',
  'scrollbar-gutter': 'the column moves by half a scrollbar where one comes',
  'forced-color-adjust': 'Safari forces no colours',
  'overflow-anchor': 'what anchors nothing by itself need not be told to leave it',
}

/** Functions and colours of all types by their names. */
const functions: Features = Object.fromEntries(
  Object.entries(types).flatMap(([name, type]) => [
    [name, type],
    ...Object.entries(type).filter(([inner]) => !inner.startsWith('_')),
  ]),
) as Features

/** What a style sheet uses that one of the targets does not have. The build puts vendors' prefixes in. */
function missingIn(path: string, sheet: string): string[] {
  const text = sheet.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/"[^"]*"/g, '""')
  return [...new Map([...rules(text), ...declarations(text)])]
    .filter(([name]) => !isSpared(name))
    .map(([name, compat]) => [name, lacking(compat as Compat | undefined, true)] as const)
    .filter(([, without]) => without.length > 0)
    .map(([name, without]) => `${path}: ${name} is not in ${without.join(', ')}`)
}

const isSpared = (name: string) =>
  Object.hasOwn(spared, name) || Object.hasOwn(spared, name.replace(/: .*/, ''))

type Used = [name: string, compat: unknown]

function* rules(text: string): Generator<Used> {
  for (const [, prelude = ''] of text.matchAll(/([^{};]+)\{/g)) {
    const name = /@([\w-]+)/.exec(prelude)?.[1]
    if (name === undefined) {
      for (const [, pseudo = ''] of prelude.matchAll(/::?([\w-]+)/g)) yield [`:${pseudo}`, selectors[pseudo]]
      continue
    }
    yield [`@${name}`, atRules[name]]
    for (const [, feature = ''] of prelude.matchAll(/\(\s*(?:min-|max-)?([\w-]+)/g))
      yield [`@${name} (${feature})`, atRules[name]?.[feature]]
    if (/[<>]/.test(prelude)) yield [`@${name} (<)`, atRules[name]?.range_syntax]
  }
}

function* declarations(text: string): Generator<Used> {
  for (const [, name = '', value = ''] of text.matchAll(/(?<=[{;]\s*)([\w-]+):\s*([^;{}]+)(?=[;}])/g)) {
    const property = properties[name]
    if (!name.startsWith('-')) yield [name, property]
    for (const [, word = '', call] of value.matchAll(/(?<![\w-])([a-z][\w-]*)(\()?/g))
      if (call === undefined) yield [`${name}: ${word}`, property?.[word]]
      else yield [`${word}()`, functions[word]]
    for (const [, unit = ''] of value.matchAll(/(?<![\w-])[\d.]+([a-z]+)/g))
      yield [`1${unit}`, types.length?.[unit]]
  }
}

test('everything that the styles use is in the oldest browsers that the page is built for', () => {
  const sheets = globSync('web/**/*.css', { cwd: root })
  assert.ok(sheets.length > 30)
  assert.deepEqual(
    sheets.flatMap(path => missingIn(path, readFileSync(join(root, path), 'utf8'))),
    [],
  )
})

test('a style that is too new is seen, wherever it stands', () => {
  const missing = (text: string) => missingIn('a.css', text)
  for (const text of [
    'a { field-sizing: content; }',
    'a { width: stretch; }',
    'a { color: contrast-color(red); }',
    'a:has-slotted { color: red; }',
    'a::details-content { color: red; }',
    '@function --a() { result: 1px; }',
    'a { &:open { color: red; } }',
    '@layer a { b { position-anchor: --c; } }',
  ])
    assert.ok(missing(text).length > 0, text)
  for (const text of [
    'a { color: light-dark(red, oklch(50% 0 0)); width: 50cqi; }',
    '@media (width < 40em) { a:has(> b) { user-select: none; } }',
    '@container (min-width: 40em) { a { text-wrap: balance; } }',
  ])
    assert.deepEqual(missing(text), [])
})
