import assert from 'node:assert/strict'
import { test } from 'node:test'
import hljs from 'highlight.js/lib/core'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import { tokensOf } from './code-tokens.ts'

hljs.registerLanguage('typescript', typescript)
hljs.registerLanguage('xml', xml)

test('coloured code has the letters that were written, whatever they are', () => {
  for (const language of ['typescript', 'xml'])
    for (const code of [
      'const a: string = "<b>&amp;</b>" // it\'s & "so"',
      '<a href="x">&lt;</a>',
      '`{a < b ? "</span>" : \'<span class="hljs-x">\'}`',
      '',
      '\n\n  a\n',
    ]) {
      const tokens = tokensOf(hljs.highlight(code, { language }).value)
      assert.equal(tokens.map(({ text }) => text).join(''), code)
    }
})

test('a piece of code is what the innermost part around it is', () => {
  const tokens = tokensOf(hljs.highlight('const a = 1', { language: 'typescript' }).value)
  assert.equal(tokens.find(({ text }) => text === 'const')?.kind, 'keyword')
  assert.equal(tokens.find(({ text }) => text === '1')?.kind, 'number')
})
