import { mixesAlphabets } from '../deceptive.ts'
import { safeHref } from './href.ts'

/** Longer words are no address of a link, and no host. */
const longest = { address: 2_000, host: 300 }

/**
 * Whom a link leads to, as the browser writes it, where its words name somebody else: "https://bank.example" that leads to another host is how
 * people are lured. So it does where the words are turned round by direction marks, where mail goes to more than its first address, and where
 * the host is spelled in letters that look like Latin ones. `null` where the words name nobody, or the one whom it leads to.
 *
 * @param href what `safeHref` answered
 */
export function hiddenHost(href: string, words: string): string | null {
  const { hostname, pathname, protocol, search } = new URL(href)
  const furtherRecipients = protocol === 'mailto:' ? recipientsIn(search) : []
  const leadsTo = [hostname || pathname, ...furtherRecipients].filter(Boolean).join(', ')
  if (leadsTo === '') return null
  if (furtherRecipients.length > 0 || turned.test(words)) return leadsTo
  const isAddress = !hostname.includes('xn--') && isAddressItself(href, words)
  const reached = bare(leadsTo)
  const isHidden = hostsIn(words).some(host => (bare(host) === reached ? looksLatin(host) : !isAddress))
  return isHidden ? leadsTo : null
}

/** Embeddings, overrides and isolates of direction (UAX 9): what stands after one may be read backwards. */
const turned = /[\u202a-\u202e\u2066-\u2069]/

/** Who else gets the mail (RFC 6068). A plus sign is itself there. */
const recipientsIn = (search: string): string[] =>
  [...new URLSearchParams(search.replaceAll('+', '%2B'))].flatMap(([field, value]) =>
    /^(?:to|b?cc)$/i.test(field) ? value : [],
  )

const isAddressItself = (href: string, words: string): boolean =>
  words.length <= longest.address &&
  !words.includes('@') &&
  [words, `http://${words}`].map(safeHref).includes(href)

/** What draws nothing, or as good as nothing. Tabs and line breaks are blanks. */
const invisible = /(?![\t-\r])[\p{C}\p{Zl}\p{Zp}\p{DI}\u200a\u2800\ufffc]/gu

/** What is drawn like a dot, or read as one by browsers; the Arabic zeros only where they are no part of a number. */
const dots =
  /[\u06d4\u0701\u0702\u3002\ua4f8\ua60e\u{10a50}\u{1d16d}]|(?<=\p{L})[\u0660\u06f0](?=\p{L})|\\\./gu

/**
 * What reads as a host or as an address of mail: in each word the first part that does, and whatever stands after "//". What follows it is its path.
 * Compared as it looks: without what draws nothing, and with the plain letter or dot for each that looks like it (NFKC).
 */
function hostsIn(words: string): string[] {
  return words
    .replace(invisible, '')
    .normalize('NFKC')
    .replace(dots, '.')
    .replace(/\.{2,}/g, ' ')
    .split(/[^\p{L}\p{M}\p{N}.@:/\\?#%&=+_-]+/u)
    .flatMap(word => {
      const [first = [], ...afterSchemes] = word.split(/^mailto:|:[/\\]{2}/i).map(partsOf)
      return [first.find(readsAsHost), ...afterSchemes.map(([host]) => host)]
    })
    .filter(host => host !== undefined)
}

/** What stands between the signs of an address, without marks at its ends. */
const partsOf = (address: string): string[] =>
  address
    .split(/[/\\?#:]+/)
    .map(part =>
      part
        .split('.')
        .filter(label => /[\p{L}\p{N}]/u.test(label))
        .join('.')
        .slice(-longest.host)
        .replace(/^[^\p{L}\p{N}]{1,9}|[^\p{L}\p{N}\p{M}]{1,9}$/gu, ''),
    )
    .filter(Boolean)

/** Two labels at least, of which the last begins with letters, or an IPv4 address; and not the name of a file. */
const readsAsHost = (part: string): boolean =>
  /[^.]\.(\p{L}{2}[^.]*|\d{1,3}\.\d{1,3}\.\d{1,3})$/u.test(part.replaceAll(/\p{M}/gu, '')) &&
  !fileName.test(part)

/** Endings that no host has, and the few names with ".md" (Moldova) that everybody knows as files. */
const fileName =
  /^(?:readme|changelog|contributing|security)\.md$|\.(?:[jt]sx?|json|html?|css|txt|log|pdf|png|jpe?g|svg|ya?ml|toml|xml|csv|docx?|xlsx?|pptx?|sql|java|go|exe)$/i

/** A host in the one spelling that browsers compare, without the "www." that many leave out. */
const bare = (host: string): string => safeHref(`http://${host}`)?.replace('//www.', '//') ?? host

/** Letters of Cyrillic and Greek that are drawn like Latin ones, small or capital. */
const likeLatin = /^[асԁеһіјӏорԛѕԝхуѵьАВЕЅІЈКМНОРСТУХӀԌԚԜαικνορυχωηγτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]+$/

/** Whether a name of the host mixes alphabets, or is all of letters like Latin ones before an ending that is Latin. */
function looksLatin(host: string): boolean {
  const labels = host.replaceAll(/[-\d]/g, '').split(/[.@]/)
  return labels.some(label => mixesAlphabets(label) || (/[a-z]$/i.test(host) && likeLatin.test(label)))
}
