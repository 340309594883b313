/** One page of a list. `next`: the token of the next one, or null after the last. */
export interface Listed {
  readonly found: readonly { readonly name: string; readonly at: number }[]
  readonly next: string | null
}

/**
 * A page of ListObjectsV2, as far as names are a prefix and of this form.
 * What an S3 service writes is flat and of one form; keys of ours and times hold nothing that XML would escape.
 */
export function contentsOf(xml: string, prefix: string, form: RegExp): Listed {
  const found = elements(xml, 'Contents').flatMap(of => {
    const key = textOf(of, 'Key') ?? ''
    const name = key.slice(prefix.length)
    const at = Date.parse(textOf(of, 'LastModified') ?? '')
    return key.startsWith(prefix) && form.test(name) && Number.isFinite(at) ? [{ name, at }] : []
  })
  if (!/<ListBucketResult[\s>]/.test(xml)) throw new Error('what was listed is no list')
  const more = textOf(xml, 'IsTruncated') === 'true'
  return { found, next: (more && textOf(xml, 'NextContinuationToken')) || null }
}

/** The code of an error as S3 services write it, such as NoSuchKey; empty where there is none. */
export const errorCodeOf = (xml: string): string => /^\w{1,64}$/.exec(textOf(xml, 'Code') ?? '')?.[0] ?? ''

const elements = (xml: string, name: string): string[] =>
  Array.from(xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs')), ([, inner = '']) => inner)

const textOf = (xml: string, name: string): string | undefined => {
  const [text] = elements(xml, name)
  return text?.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (_, decimal, hex, word) =>
    word ? (named[word] ?? '') : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
  )
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
