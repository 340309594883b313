import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agentOf } from './agent.ts'

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const agents: [string, string | null, string | null][] = [
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'Linux'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36`, 'Chrome', 'Windows'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} HeadlessChrome/140.0 Safari/537.36`, 'Chrome', 'Linux'],
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Chrome/140.0 Safari/537.36 Edg/140.0`,
    'Edge',
    'macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'Safari',
    'iPhone',
  ],
  ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'Firefox', 'Android'],
  ['curl/8.5.0', 'curl', null],
  ['Mozilla/5.0', null, null],
  ['<b>x</b>', null, null],
  ['', null, null],
]

test('alice recognises her sessions by the names of their browsers and systems', () => {
  for (const [text, browser, system] of agents) assert.deepEqual(agentOf(text), { browser, system }, text)
})
