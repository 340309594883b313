import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseSync } from 'oxc-parser'
import { counting } from '../../tests/support/steps.ts'
import { hiddenHost } from './hidden-host.ts'
import { parse, parsePlain } from './parse.ts'

/** Every construct, unfinished or nested, that makes a reader of Markdown look back or ahead. */
const patterns = {
  'addresses in vain': '\u00adwww.',
  'addresses with emoji': 'www.🙂',
  'addresses without a host': 'http://(',
  'addresses beside each other': 'https://a.b,',
  'one endless address': 'www.a',
  'an endless host': 'https://é',
  'hosts in Japanese': 'http://日本。',
  stars: '*',
  'open stars': '*a ',
  'stars that close nothing': 'a* ',
  'open and close': '**a *b',
  underscores: '_a',
  tildes: '~~a ',
  'marks of all kinds': '*_~~a',
  'three of a kind': 'a***b**c*',
  brackets: '[',
  'closing brackets': ']',
  'brackets in brackets': '[a](b',
  'links in links': '[a](https://b.c',
  'links without end': '](',
  'links with titles': '](x "',
  'links in angles': '](<',
  backticks: '`a',
  'pairs of backticks': '`a``b',
  'growing runs of backticks': 'e`ee``eee```',
  'code of one letter': '` a',
  angles: '<a:',
  mail: 'a@',
  'mail with hosts': 'a@b.c-',
  backslashes: '\\',
  'escaped stars': '\\*a',
  'escaped backticks': '\\`',
  'escaped brackets': '\\[](',
  quotes: '> ',
  'quotes on lines': '> a\n',
  'empty quotes': '>\n',
  lists: '- ',
  'lists on lines': '- a\n',
  'lists with gaps': '- a\n\n',
  'nested lists': '- a\n  - b\n',
  numbers: '1. ',
  'numbers on lines': '1) a\n',
  lines: 'a\n',
  'empty lines': '\n',
  'white space': ' ',
  tabs: '\t',
  fences: '```\n',
  'fences in vain': '``` a b\n',
  bars: '|',
  'bars with letters': 'a|',
  'spoilers in vain': '||a ',
  'spoilers in spoilers': '||a|| ',
  'escaped bars': '\\||a',
  'heads of tables': 'a|b\n-|-\n',
  'heads that are none': 'a|\n|-|-\n',
  'lines of dashes': '|-',
  tasks: '- [ ] a\n',
  'ids in vain': '<@01890a5d-',
  emoji: '👩‍👩‍👧‍👦',
  invisible: '\u200b',
}

const bytes = 8_192

/** The steps that reading a text of some length takes, which repeats this. */
const stepsOf = async (unit: string, length: number, read: (text: string) => unknown): Promise<number> => {
  const text = unit
    .repeat(Math.ceil(length / unit.length))
    .slice(0, length)
    .toWellFormed()
  return counting('contract/markdown/', () => read(text))
}

/** Four times the text takes some four times the steps (looking back from each letter would be sixteen), and no text more than so many a letter. */
async function assertLinear(name: string, unit: string, read = parse as (text: string) => unknown) {
  const quarter = await stepsOf(unit, bytes / 4, read)
  const whole = await stepsOf(unit, bytes, read)
  assert.ok(whole <= 8 * quarter + 2_000, `${name}: ${quarter} steps, then ${whole}`)
  assert.ok(whole <= 1_200 * bytes, `${name}: ${whole / bytes} steps a letter`)
}

test('the count of steps sees a text that is looked at again from each of its letters', async () => {
  const square = (text: string) => {
    for (let at = 0; at < text.length; at++) text.slice(at).search(/x/)
  }
  await assert.rejects(assertLinear('square', 'a', square), /steps/)
})

for (const [name, unit] of Object.entries(patterns))
  test(`${name}: reading takes steps as there are letters`, async () => {
    await assertLinear(name, unit)
  })

test('so do one mark and an endless rest of anything', async () => {
  for (const first of [
    '``` ',
    '` ',
    '> ',
    '- ',
    '1. ',
    '[a](',
    '[a](b "',
    '<a:',
    'https://',
    'a@b.c',
    '\\',
    '*',
  ])
    for (const rest of [' ', 'a', '-', '(', '`', '\t', '.', 'é']) {
      const read = (text: string) => parse(`${first}${text}x y`)
      await assertLinear(`${first} and ${rest}`, rest, read)
    }
})

test('no expression of the reader can look back: each repeats one thing at most, or reads a few letters', () => {
  const directory = new URL('.', import.meta.url)
  const sources = readdirSync(directory).filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const expressions = sources.flatMap(name =>
    parseSync(name, readFileSync(new URL(name, directory), 'utf8')).program.body.flatMap(regularExpressions),
  )
  const repeats = (source: string) =>
    source.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/g, 'x').match(/[*+]|\{\d+,\}/g)?.length ?? 0
  assert.ok(expressions.length > 15)
  assert.deepEqual(
    expressions.filter(source => repeats(source) > 1),
    // The host of an e-mail address, in 253 letters.
    ['^[a-z0-9-]+(?:\\.[a-z0-9-]*[a-z0-9])+'],
  )
})

/** The sources of all regular expressions under a node of a syntax tree. */
function regularExpressions(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  if ('regex' in node && node.regex) return [(node.regex as { pattern: string }).pattern]
  return Object.values(node).flatMap(regularExpressions)
}

test('plain text is read in as few steps', async () => {
  for (const [name, unit] of Object.entries(patterns).filter(([name]) =>
    /address|host|mail|lines/.test(name),
  ))
    await assertLinear(name, unit, parsePlain)
})

/** What makes one look back or ahead who searches words for hosts. */
const hosts = {
  'addresses beside each other': 'https://a.b,',
  'hosts in Japanese': 'http://日本。',
  'mail with hosts': 'a@b.c-',
  backslashes: '\\.',
  dots: '.',
  'dots and signs': '.-',
  'hosts beside each other': 'a.bc,',
  'parts of an address': 'a/',
  'schemes in an address': 'a://',
  signs: '-',
  marks: '\u0338',
  'letters with marks': 'é\u0338',
  'zeros like dots': 'a\u0660',
  'one endless name': 'é',
  'names with dots': 'aa.',
  'invisible letters in a name': 'a\u2028',
}

test('the hosts in the words of a link are found in as few steps', async () => {
  for (const [name, unit] of Object.entries(hosts))
    await assertLinear(name, unit, text => hiddenHost('https://evil.example/', `https://${text}.com`))
})

test('whatever is repeated, the steps grow with the letters', async () => {
  const piece = fc.constantFrom(
    ...[
      '*',
      '**',
      '_',
      '~~',
      '[',
      ']',
      '](',
      '(',
      ')',
      '<',
      '>',
      '`',
      '``',
      '```',
      '\\',
      '@',
      '.',
      ':',
      '/',
      '-',
      '1.',
      '"',
    ],
    ...[
      'www.',
      'https://',
      'a',
      'é',
      '日',
      '🙂',
      ' ',
      '\t',
      '\n',
      '\n> ',
      '\n- ',
      '\n  ',
      '\u00ad',
      '\u200d',
    ],
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 6 }), async pieces => {
      await assertLinear(JSON.stringify(pieces.join('')), pieces.join(''))
    }),
    { seed: 8, numRuns: 80 },
  )
})
