import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hiddenHost } from './hidden-host.ts'
import { safeHref } from './href.ts'

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
    'Sign-in:bank.com',
    'https:/bank.com/login',
    'https:///bank.com',
    'see/bank.com',
    'https:bank.com',
    'Go?bank.com',
    'login#bank.com',
    'bank\\.com',
    'bank\ua4f8com',
    'ba\u2028nk.com',
    'ba\u2029nk.com',
    '\u202emoc.x',
    '\u2067click here',
    'ba\ufff9nk.com',
    'ba\ufffcnk.com',
    'bank.\u200acom',
    'bank\u0001.com',
    'bank.\u2800com',
    'bank\u0660com',
    'bank\u06f0com',
    'bank\u06d4com',
    'bank\u0701com',
    'bank\u0702com',
    'bank\ua60ecom',
    'bank.c\u0338om',
    'bank.com\u20dd',
    'बैंक.भारत',
    'bank.com..........',
    'bank.com.-.-.-.-.-.-.-.-',
    `${'a'.repeat(400)}.bank.com`,
    'http://bank.html',
    'MAIB.md',
    'maib.md',
    'banca.rs',
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
    ['mailto:bob@example.org?subject=Hello%20cc', 'bob@example.org'],
    ['mailto:?subject=Hello', 'Tell bob@example.org'],
    ['https://उदाहरण.com/', 'See उदाहरण.com'],
    ['https://उदाहरण.भारत/', 'उदाहरण.भारत'],
    ['https://github.com/a/b/blob/main/README.md', 'README.md'],
    ['https://github.com/a/b/blob/main/src/b.ts#L3', 'src/b.ts'],
    ['https://files.example.org/d/1', 'Report.pdf'],
    ['https://example.org/a.html', 'See example.org/a.html?b=c.de#e.fg'],
    ['https://medium.com/@bob/x.yz', 'https://medium.com/@bob/x.yz'],
    ['https://example.org/', 'Hm...ok and سنة ٢٠٢٠كتاب'],
    ['https://müller.example/', 'müller.example'],
    ['https://straße.de/', 'straße.de'],
    ['https://日本語.jp/', 'https://日本語.jp/'],
    ['https://tokyo日本.jp/', 'tokyo日本.jp'],
    ['https://москва.com/', 'москва.com'],
    ['https://хор.рф/', 'https://хор.рф/'],
    ['https://xn--80ak6aa92e.com/', 'xn--80ak6aa92e.com'],
    ['https://αθήνα.com/', 'αθήνα.com'],
  ] as const)
    assert.equal(named(href, words), null, words)
})

test('mail that goes to more than stands at its front says to whom', () => {
  for (const [href, words, to] of [
    ['mailto:?to=eve@evil.example', 'help@bank.com', 'eve@evil.example'],
    ['mailto:help@bank.com?bcc=eve@evil.example', 'help@bank.com', 'help@bank.com, eve@evil.example'],
    ['mailto:help@bank.com?%62CC=eve%40evil.example', 'Write to us', 'help@bank.com, eve@evil.example'],
    ['mailto:help@bank.com?subject=a&cc=eve+x@evil.example', 'Mail', 'help@bank.com, eve+x@evil.example'],
    ['mailto:help@bank.com,eve@evil.example', 'help@bank.com', 'help@bank.com,eve@evil.example'],
    ['mailto:eve%40evil.example', 'help@bank.com', 'eve%40evil.example'],
  ] as const)
    assert.equal(hiddenHost(safeHref(href) ?? '', words), to, href)
})

test('a host in letters that look like others says how it is really spelled', () => {
  for (const host of [
    'аррӏе.com',
    'АРРӀЕ.com',
    'www.аррӏе.com',
    'pаypal.com',
    'ορ.com',
    'сосо-1.com',
    'login.арр.co.uk',
  ])
    for (const words of [`https://${host}/login`, `See ${host}`, `help@${host}`]) {
      const { href, hostname } = new URL(`https://${host}/login`)
      assert.match(hostname, /xn--/)
      assert.equal(hiddenHost(href, words), hostname, words)
    }
})
