import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hiddenHost, safeHref } from './href.ts'

test('a link whose words name another than whom it leads to says so, and no other link does', () => {
  const named = (href: string, words: string) => hiddenHost(safeHref(href) ?? '', words)
  for (const words of [
    'https://bank.example',
    'HTTPS://Bank.Example/login?a=b.c',
    'www.bank.example',
    'bank.example',
    'Sign in at (bank.example), please.',
    '\u200bbank.example',
    'https://bank.example@evil.example',
    'https://127.0.0.1',
    'help@bank.example',
    'https://evil.example.bank.example',
    'http://localhost',
    'Login:https://bank.example',
    'see/https://bank.example',
    'https:\\\\bank.example',
    'ftp://bank.example',
    'www.bank.example|Login',
    'bank.example,more',
    'bank.example–login',
    'bank.example•Sign in',
    'bank.xn--p1ai',
    '192.168.1.1',
    'bank。example',
    'bank．example',
    'bank｡example',
    'bank\u2024example',
    'bank.\u200bexample',
    'bank.\u2060com',
    'bank.\u00adexample',
    'bank\u034f.com',
    'ba\ufe0fnk.example',
    'https:\u200b//bank.example',
    'ｂａｎｋ.example',
  ])
    assert.equal(named('https://evil.example/bank.example', words), 'evil.example', words)
  assert.equal(named('mailto:eve@evil.example', 'help@bank.example'), 'eve@evil.example')
  for (const [href, words] of [
    ['https://example.org/a.html?b=c.de#e.fg', 'https://example.org/a.html?b=c.de#e.fg'],
    ['http://www.example.org', 'www.example.org'],
    ['https://www.example.org/', 'Example.org,'],
    ['https://example.org:8443/', 'https://example.org:8443'],
    ['https://müller.example', 'https://müller.example'],
    ['https://example.org', 'version 1.25 of the report, e.g. p. 3'],
    ['https://[::1]:3000/', 'https://[::1]:3000/'],
    ['https://example.org./', 'https://example.org./'],
    ['https://example.org/?next=https://other.example', 'https://example.org/?next=https://other.example'],
    ['https://example.org/', 'Fertig. Danke'],
    ['mailto:bob@example.org', 'bob@example.org'],
    ['mailto:bob@example.org', 'Write to bob'],
  ] as const)
    assert.equal(named(href, words), null, words)
})
