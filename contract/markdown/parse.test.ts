import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isEmojiOnly } from './emoji.ts'
import { safeHref } from './href.ts'
import { parse } from './parse.ts'
import type { Block, Inline } from './tree.ts'

const paragraph = (...children: Inline[]): Block => ({ is: 'paragraph', children })
const text = (of: string): Inline => ({ is: 'text', text: of })
const line = (of: string) => [paragraph(text(of))]

/** All letters of a tree, in order. */
const letters = (blocks: readonly Block[]): string =>
  blocks
    .map(block => {
      if (block.is === 'code') return block.text
      if (block.is === 'list') return block.items.map(letters).join('')
      if (block.is === 'quote') return letters(block.children)
      if (block.is === 'table') return block.rows.flat(2).map(inlineLetters).join('')
      return block.children.map(inlineLetters).join('')
    })
    .join('')
const inlineLetters = (part: Inline): string =>
  part.is === 'break'
    ? '\n'
    : part.is === 'text' || part.is === 'code'
      ? part.text
      : part.is === 'mention'
        ? part.user
        : part.children.map(inlineLetters).join('')

const childrenOf = (block: Block) => (block.is === 'paragraph' ? block.children : [])
const inlineDepth = (parts: readonly Inline[]): number =>
  Math.max(0, ...parts.map(part => ('children' in part ? 1 + inlineDepth(part.children) : 0)))

const depth = (blocks: readonly Block[]): number =>
  Math.max(
    0,
    ...blocks.map(block =>
      block.is === 'quote'
        ? 1 + depth(block.children)
        : block.is === 'list'
          ? 1 + Math.max(...block.items.map(depth))
          : 0,
    ),
  )

test('alice marks words bold, italic, struck out and as code', () => {
  assert.deepEqual(parse('a **b** _c_ ~~d~~ `e`'), [
    paragraph(
      text('a '),
      { is: 'strong', children: [text('b')] },
      text(' '),
      { is: 'emphasis', children: [text('c')] },
      text(' '),
      { is: 'strike', children: [text('d')] },
      text(' '),
      { is: 'code', text: 'e' },
    ),
  ])
})

test('alice sets code apart, quotes, and lists', () => {
  assert.deepEqual(parse('```sql\nselect 1;\n```'), [{ is: 'code', text: 'select 1;', language: 'sql' }])
  assert.deepEqual(parse('> said'), [{ is: 'quote', children: line('said') }])
  assert.deepEqual(parse('- a\n- b'), [{ is: 'list', marks: null, items: [line('a'), line('b')] }])
  assert.deepEqual(parse('3. a\n4. b'), [{ is: 'list', marks: ['3.', '4.'], items: [line('a'), line('b')] }])
})

test('a line that alice breaks stays broken', () => {
  assert.deepEqual(parse('one\ntwo'), [paragraph(text('one'), { is: 'break' }, text('two'))])
})

test('what alice writes as a hash, a rule, an indent, a tag or a reference is text', () => {
  for (const written of ['# 1 again', '<b>no</b>', 'fish &amp; chips', '<!-- hello -->']) {
    assert.deepEqual(parse(written), line(written))
  }
  assert.equal(letters(parse('title\n---\nbelow')), 'title\n---\nbelow')
  assert.deepEqual(parse('    far in'), line('far in'))
  assert.equal(letters(parse('[a]: http://b.c')), '[a]: http://b.c')
})

test('an address that alice writes becomes a link, and so does a named one', () => {
  assert.deepEqual(parse('https://example.org/a_b_c'), [
    paragraph({
      is: 'link',
      href: 'https://example.org/a_b_c',
      children: [text('https://example.org/a_b_c')],
    }),
  ])
  assert.deepEqual(parse('[here](https://example.org)'), [
    paragraph({ is: 'link', href: 'https://example.org/', children: [text('here')] }),
  ])
  assert.deepEqual(parse('bob@example.org'), [
    paragraph({ is: 'link', href: 'mailto:bob@example.org', children: [text('bob@example.org')] }),
  ])
})

test('mallory makes no link that runs a script, in any spelling: it stays as written', () => {
  const addresses = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'javascript&colon;alert(1)',
    '&#106;avascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.org/1',
    '//example.org',
    '/rooms/general',
    'ftp://example.org',
  ]
  for (const address of addresses) {
    assert.equal(safeHref(address), null, address)
    const written = `[x](<${address}>)`
    assert.equal(JSON.stringify(parse(written)).includes('"link"'), false, written)
  }
  assert.deepEqual(parse('[x](javascript:alert(1))'), line('[x](javascript:alert(1))'))
  assert.equal(safeHref('HTTPS://example.org'), 'https://example.org/')
})

test('a picture from elsewhere is not fetched: mallory gets a link at most', () => {
  assert.equal(JSON.stringify(parse('![x](https://example.org/p.png)')).includes('image'), false)
})

test('mallory nests as deep as she likes, and the page does not follow', () => {
  for (const mark of ['> ', '- ', '1. ', '> - ']) {
    const nested = parse(mark.repeat(2_000).concat('deep'))
    assert.equal(depth(nested), 8)
    assert.ok(letters(nested).endsWith(mark.repeat(100).concat('deep')))
  }
  for (const mark of ['*a ', '_a', '**a', '~~a ', '[a', '[a](', '*_a']) {
    assert.ok(inlineDepth(parse(mark.repeat(4_000)).flatMap(childrenOf)) <= 25, mark)
  }
})

test('no letter of a hostile text is lost', () => {
  for (const written of ['*a _b ~~c `d [e](f', '**__~~``', '[](', '<a <b', '![', '_'.repeat(200)]) {
    const [got, wanted] = [letters(parse(written)), written].map(of => of.replace(/[^\p{L}]/gu, ''))
    assert.equal(got, wanted)
  }
})

test('a few emoji alone stand larger', () => {
  assert.equal(isEmojiOnly('🚲🎉'), true)
  assert.equal(isEmojiOnly(' 👩‍👩‍👧‍👦 '), true)
  assert.equal(isEmojiOnly('ok 👍'), false)
  assert.equal(isEmojiOnly('12'), false)
  assert.equal(isEmojiOnly('👍'.repeat(7)), false)
})

test('alice reads what CommonMark says of marks beside and inside of each other', () => {
  const html = (parts: readonly Inline[]): string =>
    parts
      .map(part => {
        if (part.is === 'text') return part.text
        if (part.is === 'break') return '\n'
        if (part.is === 'code') return `<c>${part.text}</c>`
        if (part.is === 'mention') return '@'
        const name = { spoiler: 'h', strong: 'b', emphasis: 'i', strike: 's', link: 'a' }[part.is]
        return `<${name}>${html(part.children)}</${name}>`
      })
      .join('')
  const read = (written: string) => html(parse(written).flatMap(childrenOf))
  const cases = {
    '***a***': '<i><b>a</b></i>',
    '**a *b***': '<b>a <i>b</i></b>',
    '*a **b***': '<i>a <b>b</b></i>',
    'a*b*c': 'a*b*c',
    'a**b**c': 'a<b>b</b>c',
    '中*文*字': '中<i>文</i>字',
    a_b_c: 'a_b_c',
    '3 * 4 * 5': '3 * 4 * 5',
    '*a _b* c_': '<i>a _b</i> c_',
    '**a*': '*<i>a</i>',
    '`*a*`': '<c>*a*</c>',
    '``a`b``': '<c>a`b</c>',
    '`` ` ``': '<c>`</c>',
    '`a': '`a',
    '\\*a\\*': '*a*',
    '~a~ ~~b~~': '~a~ <s>b</s>',
    '[a *b*](https://c.d)': '<a>a <i>b</i></a>',
    '*[a](https://c.d)*': '<i><a>a</a></i>',
    '*a [b* c](https://d.e)': '*a <a>b* c</a>',
    '[a *b] c*': '[a <i>b] c</i>',
    '[a](https://c.d/(e)_f "g")': '<a>a</a>',
    '[https://a.b](https://c.d)': '<a>https://a.b</a>',
    '<https://a.b/c*d*>': '<a>https://a.b/c*d*</a>',
    '(https://a.b/c_(d)).': '(<a>https://a.b/c_(d)</a>).',
    'so, www.a.bc!': 'so, <a>www.a.bc</a>!',
    'xhttps://a.b': 'xhttps://a.b',
    '**https://a.b**': '<b><a>https://a.b</a></b>',
    'a ||b **c**|| d': 'a <h>b <b>c</b></h> d',
    '**||a||**': '<b><h>a</h></b>',
    'if (a||b||c)': 'if (a||b||c)',
    'a || b || c': 'a || b || c',
    '||a': '||a',
    '\\||a||': '||a||',
    'a \\| b': 'a \\| b',
    '<@01890a5d-ac96-774b-bcce-b302099a8057> there': '@ there',
    '<@nobody>': '<@nobody>',
    'to a.b+c@d.ef, and @g': 'to <a>a.b+c@d.ef</a>, and @g',
  }
  for (const [written, wanted] of Object.entries(cases)) assert.equal(read(written), wanted, written)
})

test('a quote and a list end with their last marked line', () => {
  assert.deepEqual(parse('> said\nanswered'), [{ is: 'quote', children: line('said') }, ...line('answered')])
  assert.deepEqual(parse('- a\nb'), [{ is: 'list', marks: null, items: [line('a')] }, ...line('b')])
  assert.deepEqual(parse('- a\n  b\n\n- c'), [
    { is: 'list', marks: null, items: [[paragraph(text('a'), { is: 'break' }, text('b'))], line('c')] },
  ])
  assert.deepEqual(parse('It was\n1984. Then'), [
    paragraph(text('It was'), { is: 'break' }, text('1984. Then')),
  ])
})

test('a line below a head makes a table, which keeps every cell and ends with its last line', () => {
  const cell = (of: string) => [text(of)]
  assert.deepEqual(parse('Here:\n| a | b |\n|---|:-:|\n| **c** | d \\| e | f |\ng\nh'), [
    ...line('Here:'),
    {
      is: 'table',
      align: [null, 'center'],
      rows: [
        [cell('a'), cell('b')],
        [[{ is: 'strong', children: [text('c')] }], cell('d | e'), cell('f')],
      ],
    },
    paragraph(text('g'), { is: 'break' }, text('h')),
  ])
  assert.deepEqual(parse('a | b\n:-- | --:\n'), [
    { is: 'table', align: ['start', 'end'], rows: [[cell('a'), cell('b')]] },
  ])
  for (const typed of ['| a | b |', 'a | b\n---', '| a |\n| b |', 'a | b\n|-|-|-|'])
    assert.ok(
      parse(typed).every(({ is }) => is === 'paragraph'),
      typed,
    )
})

test('code keeps its lines as they are, to its end or to that of the message', () => {
  assert.deepEqual(parse('```\n  a\n\n- b\n```\nc'), [{ is: 'code', text: '  a\n\n- b' }, ...line('c')])
  assert.deepEqual(parse('````\n```\n````'), [{ is: 'code', text: '```' }])
  assert.deepEqual(parse('```\nopen'), [{ is: 'code', text: 'open' }])
  assert.deepEqual(parse('```ts\nlet a'), [{ is: 'code', text: 'let a', language: 'ts' }])
  assert.deepEqual(parse('- a\n  ```\n  b\n  ```'), [
    { is: 'list', marks: null, items: [[...line('a'), { is: 'code', text: 'b' }]] },
  ])
})

test('whatever is written, its letters are read in their order', () => {
  const pieces = fc.constantFrom(
    '*',
    '**',
    '_',
    '~~',
    '[',
    '](https://a.b)',
    ']',
    '> ',
    '- ',
    '\n',
    'x',
    ' ',
    '\\',
    '<',
    '@',
    '```\n',
    '||',
    '|',
    '\n|-|-|\n',
    '- [ ] ',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), written => {
      const wanted = written.filter(piece => piece === 'x').length
      assert.equal(letters(parse(written.join(''))).replaceAll(/[^x]/g, '').length, wanted)
    }),
    { seed: 7, numRuns: 2_000 },
  )
})

test('bars alone are no table: what was typed is shown', () => {
  for (const text of ['a\n|\n|\nb', '|\n|\nx', '|\n|\n|\n|a|', '|\n|:'])
    assert.deepEqual(
      parse(text).map(({ is }) => is),
      ['paragraph'],
      JSON.stringify(text),
    )
})
