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
  if (!words.includes('@') && [words, `http://${words}`].map(safeHref).includes(href)) return null
  const { hostname, pathname } = new URL(href)
  const leadsTo = hostname || pathname
  return hostsIn(words).some(host => bare(host) !== bare(leadsTo)) ? leadsTo : null
}

/**
 * What reads as a host or as an address of mail. Of an address with a path it is what stands before that. Compared as it looks: without what
 * draws nothing, and with the plain letter or dot for each that looks like it (NFKC).
 */
function hostsIn(words: string): string[] {
  return words
    .normalize('NFKC')
    .replace(/\p{DI}/gu, '')
    .replaceAll('。', '.')
    .split(/[^\p{L}\p{N}.@:/\\?#%&=+_-]+/u)
    .flatMap(word => {
      const [first = '', ...afterSchemes] = word.split(/^mailto:|:[/\\]{2}/i).map(authority)
      return readsAsHost.test(first) ? [first, ...afterSchemes] : afterSchemes
    })
    .filter(Boolean)
}

const authority = (address: string): string =>
  address
    .slice(0, 300)
    .replace(/[/\\?#:].*/, '')
    .replace(/^[^\p{L}\p{N}]{1,9}|[^\p{L}\p{N}]{1,9}$/gu, '')

/** Two labels at least, of which the last begins with letters; or an IPv4 address. */
const readsAsHost = /[^.]\.(\p{L}{2}[^.]*|\d{1,3}\.\d{1,3}\.\d{1,3})$/u

/** A host in the one spelling that browsers compare, without the "www." that many leave out. */
const bare = (host: string) => safeHref(`http://${host}`)?.replace('//www.', '//')
