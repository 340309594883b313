const signs = '*_~'

/**
 * What a backslash does before marks. It is `hidden` where it keeps an actual mark from being one, so that a path, a pattern and
 * "¯\_(ツ)_/¯" stay as typed; where it `shows`, the mark after it is text all the same. It does nothing before anything else.
 */
export class Escapes {
  readonly #text: string
  /** Behind this, a sign stands no more. */
  readonly #last: ReadonlyMap<string, number>
  readonly #lastSpoiler: number
  /** Signs that an earlier backslash kept from beginning something: a later one may keep them from ending it. */
  readonly #begun = new Set<string>()

  constructor(text: string) {
    this.#text = text
    this.#lastSpoiler = text.lastIndexOf('||')
    this.#last = new Map([
      ...[...signs, '`'].map(sign => [sign, text.lastIndexOf(sign)] as const),
      ['[', text.lastIndexOf('](')],
    ])
  }

  at(at: number): 'hidden' | 'shows' | null {
    const mark = this.#text[at + 1] ?? ''
    if (this.#beginsLine(at)) return 'hidden'
    if (signs.includes(mark)) return this.#delimits(at, mark) ? 'hidden' : 'shows'
    if (mark === '|') return this.#text[at + 2] === '|' && this.#lastSpoiler > at + 2 ? 'hidden' : null
    if (mark === '`' || mark === '[') return (this.#last.get(mark) ?? -1) > at + 1 ? 'hidden' : 'shows'
    if (mark !== '<') return null
    return /^<[a-z][a-z0-9+.-]{1,31}:/i.test(this.#text.slice(at + 1, at + 35)) ? 'hidden' : null
  }

  /** Before a mark that would have begun a quote, a list or code. */
  #beginsLine(at: number): boolean {
    const after = this.#text.slice(at + 1, at + 4)
    if (at === 0 || this.#text[at - 1] === '\n') return /^(?:[>*-] |```)/.test(after)
    return /^[.)] /.test(after) && /(?:^|\n)\d{1,9}$/.test(this.#text.slice(Math.max(0, at - 10), at))
  }

  #delimits(at: number, sign: string): boolean {
    const [before, after] = [this.#text[at - 1] ?? ' ', this.#text[at + 2] ?? ' ']
    const later = (this.#last.get(sign) ?? -1) > at + 1
    if (later && /[\s([{"'*_~]/.test(before) && /[\p{L}\p{N}*_~\ud800-\udbff]/u.test(after)) {
      this.#begun.add(sign)
      return true
    }
    return this.#begun.has(sign) && /\S/.test(before)
  }
}
