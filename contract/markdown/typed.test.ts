import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasVisible } from '../visible.ts'
import { directionOf } from './direction.ts'
import { parse, parsePlain } from './parse.ts'
import { plainText } from './plain.ts'
import type { Block, Inline } from './tree.ts'

const inline = (part: Inline): string => {
  if (part.is === 'text') return part.text
  if (part.is === 'break') return '\n'
  if (part.is === 'code') return `<c>${part.text}</c>`
  if (part.is === 'mention') return `<@${part.user}>`
  const name = { spoiler: 'spoiler', strong: 'b', emphasis: 'i', strike: 's', link: 'a' }[part.is]
  return `<${name}>${part.children.map(inline).join('')}</${name}>`
}
const block = (of: Block): string => {
  if (of.is === 'paragraph') return of.children.map(inline).join('')
  if (of.is === 'code') return `<pre>${of.text}</pre>`
  if (of.is === 'table')
    return `<table>${of.rows.map(row => row.map(cell => cell.map(inline).join('')).join(' / ')).join(' // ')}</table>`
  if (of.is === 'quote') return `<q>${of.children.map(block).join('|')}</q>`
  return of.items.map((item, n) => `<li ${of.marks?.[n] ?? '-'}>${item.map(block).join('|')}</li>`).join('')
}
const read = (text: string): string => parse(text).map(block).join('|')

test('what alice typed that is no clear mark stays as she typed it', () => {
  const typed = [
    '\\\\fileserver\\share',
    '¯\\_(ツ)_/¯',
    'C:\\*.* and C:\\_temp\\_x',
    'C:\\Users\\alice\\*.txt, D:\\*.txt',
    'a \\d+\\.\\d* expression',
    '\\# of people',
    '2*3*4 and 5*x',
    'a_b_c and __init__.py',
    '3 * 4 * 5',
    '~5 minutes, ~10 at most',
    '#general',
    '# lone',
    '+ 5 %',
    '+1',
    '-1 degrees',
    '>.<',
    '>=5',
    '>>> print(1)',
    'a > b',
    '=====',
    '---',
    '***',
    '| a | b |',
    ':-) <3 <o>',
    '[x] done [ ] open',
    '[](nowhere)',
    '![](x)',
    '&amp; &copy;',
    'it`s and that',
    '1.5 litres',
    '1984.',
    '$a_1$ and f(*args, **kwargs)',
    '10^-3',
    'a  b   c',
  ]
  for (const text of typed) assert.equal(read(text), text)
})

test('a backslash goes only where it keeps a mark from being one', () => {
  assert.equal(read('\\*a\\*'), '*a*')
  assert.equal(read('\\_a b\\_'), '_a b_')
  assert.equal(read('\\`a`'), '`a`')
  assert.equal(read('\\[a](https://b.c)'), '[a](<a>https://b.c</a>)')
  assert.equal(read('\\<https://a.b>'), '<<a>https://a.b</a>>')
  assert.equal(read('\\> a'), '> a')
  assert.equal(read('\\- a'), '- a')
  assert.equal(read('1\\. a'), '1. a')
})

test('numbers of a list stay as typed', () => {
  assert.equal(read('3. a\n7. b'), '<li 3.>a</li><li 7.>b</li>')
  assert.equal(read('1. a\n1. b'), '<li 1.>a</li><li 1.>b</li>')
  assert.equal(read('007. a'), '<li 007.>a</li>')
  assert.equal(read('1) a\n2) b'), '<li 1)>a</li><li 2)>b</li>')
  assert.equal(read('* a\n* b'), '<li ->a</li><li ->b</li>')
})

test('an address ends where the Japanese beside it begins, and may be Japanese itself', () => {
  const cases = {
    'https://example.orgを見て': '<a>https://example.org</a>を見て',
    'https://example.org/aを見て': '<a>https://example.org/a</a>を見て',
    'これhttps://example.org。次': 'これ<a>https://example.org</a>。次',
    '（https://example.org）': '（<a>https://example.org</a>）',
    '「https://example.org/a」と': '「<a>https://example.org/a</a>」と',
    'https://a.b、https://c.d': '<a>https://a.b</a>、<a>https://c.d</a>',
    'https://例え.jp/日本': '<a>https://例え.jp/日本</a>',
    'https://ja.wikipedia.org/wiki/日本': '<a>https://ja.wikipedia.org/wiki/日本</a>',
    'https://ko.example/에서': '<a>https://ko.example/에서</a>',
    'https://example.org에서': '<a>https://example.org</a>에서',
    'https://münchen.example/straße': '<a>https://münchen.example/straße</a>',
    'https://example.org/привет': '<a>https://example.org/привет</a>',
    '“https://a.b”': '“<a>https://a.b</a>”',
    'href="https://a.b">x': 'href="<a>https://a.b</a>">x',
    'https://a.b\u200b.c': '<a>https://a.b</a>\u200b.c',
    '連絡はbob@example.orgまで': '連絡は<a>bob@example.org</a>まで',
  }
  for (const [text, wanted] of Object.entries(cases)) assert.equal(read(text), wanted)
})

test('addresses that cannot be encoded stand as text', () => {
  for (const text of [
    'www.🙂'.repeat(400),
    'https://'.concat('é'.repeat(300), '.com'),
    'http://',
    'http://[::1',
  ])
    assert.equal(read(text), text)
})

test('a message that would show nothing is shown as it was typed, and only what cannot be seen shows nothing', () => {
  for (const text of [
    '>',
    '> ',
    '>\n>',
    '[](http://a.b)',
    '**\u200b**',
    '- \u200b',
    '```\n\n```',
    '` `',
    '> [](http://a.b)',
  ]) {
    assert.ok(hasVisible(read(text).replaceAll(/<[^>]*>/g, '')), text)
  }
  assert.equal(read('>'), '>')
  assert.equal(read('[](http://a.b)'), '[](<a>http://a.b</a>)')
  for (const text of ['', '\u200b', '\u2800\u3164', '\ufe0f', '\u0301']) assert.deepEqual(parse(text), [])
})

test('in plain text nothing is a mark, but addresses are links', () => {
  const text = '> *a* `b`\n  - [c](https://d.e) \\_'
  assert.equal(parsePlain(text).map(block).join('|'), text.replace('https://d.e', '<a>https://d.e</a>'))
})

test('a quote or list stands on the side where its first letter begins', () => {
  const side = (text: string) => parse(text).map(directionOf)
  assert.deepEqual(side('- שלום'), ['rtl'])
  assert.deepEqual(side('> 1. **مرحبا** hello'), ['rtl'])
  assert.deepEqual(side('- hello שלום'), ['ltr'])
  assert.deepEqual(side('1. 5'), ['ltr'])
})

test('bob reads a quotation of numbers as they were typed', () => {
  assert.equal(plainText({ text: '3. a\n7. b' }), '3. a 7. b')
})

test('a quotation of plain text keeps its marks', () => {
  assert.equal(plainText({ text: '*a* `b`', plain: true }), '*a* `b`')
})
