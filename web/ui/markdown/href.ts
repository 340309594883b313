const schemes = new Set(['http:', 'https:', 'mailto:'])

/**
 * The address a link may lead to, as the browser will read it (WHATWG URL), or `null`. Only whole addresses with a scheme of the list
 * pass: the parser drops tabs, line breaks and leading controls and folds case as the browser does, so no spelling of
 * `javascript:` hides from it.
 */
export function safeHref(written: string): string | null {
  const url = URL.canParse(written) ? new URL(written) : null
  return url && schemes.has(url.protocol) ? url.href : null
}

/**
 * Whom a link leads to, as the browser writes it, where its words name somebody else: "https://bank.example" that leads to another host is how
 * people are lured. `null` where the words name nobody, or the one whom it leads to.
 */
export function hiddenHost(href: string, words: string): string | null {
  const { protocol, hostname, pathname } = new URL(href)
  const leadsTo = protocol === 'mailto:' ? pathname : hostname
  return words.split(/\s+/).some(word => namesOther(word, leadsTo)) ? leadsTo : null
}

function namesOther(word: string, leadsTo: string): boolean {
  const [before = ''] = /^[^\p{L}\p{N}]*/u.exec(word) ?? []
  const [scheme = ''] = /^(?:https?:\/\/|mailto:)/i.exec(word.slice(before.length)) ?? []
  const [authority = ''] = word
    .slice(before.length + scheme.length)
    .slice(0, 300)
    .split(/[/?#:]/)
  const host = authority.replace(/[^\p{L}\p{N}]{1,9}$/u, '')
  if (host === '' || (scheme === '' && !/[^.]\.\p{L}{2,}$/u.test(host))) return false
  return bare(host) !== bare(leadsTo)
}

/** A host in the one spelling that browsers compare, without the "www." that many leave out. */
function bare(host: string): string {
  const address = `http://${host}`
  const hostname =
    !host.includes('@') && URL.canParse(address) ? new URL(address).hostname : host.toLowerCase()
  return hostname.replace(/^www\./, '')
}
