/** What the operator is told of, each with its heading in the report. */
const headings = {
  username: 'Usernames that change: who signs in with what',
  name: 'Names, e-mail addresses and dates of people that change',
  password: 'People without a usable password, until an administrator gives them one',
  placeholder: 'Authors that no user is named like: placeholders, who cannot sign in',
  picture: 'Pictures that do not come',
  room: 'Rooms that come under another name',
  unlisted: 'Rooms that are made from the messages in them, because chat_room has no row for them',
  membership: 'Memberships',
  date: 'Messages with an unreadable date, which get that of the message before them',
  repaired: 'Messages with bytes that are no text, which become U+FFFD',
  cut: 'Messages that are shortened, because a message has at most 16 KiB',
  table: 'Tables and columns that are not there',
} as const
type NoticeKind = keyof typeof headings

const shown = 20
/** Without these lines somebody could not sign in, so each of them is shown. */
const shownInFull: ReadonlySet<NoticeKind> = new Set(['username', 'password'])

/** Gathers what changes on the way and what does not come, counts it, and keeps the first of each kind as examples. */
export class Notices {
  readonly #told = new Map<NoticeKind, { count: number; examples: string[] }>()

  tell(about: NoticeKind, sentence: string): void {
    const group = this.#told.get(about) ?? { count: 0, examples: [] }
    this.#told.set(about, group)
    group.count++
    if (shownInFull.has(about) || group.examples.length < shown) group.examples.push(sentence)
  }

  count(about: NoticeKind): number {
    return this.#told.get(about)?.count ?? 0
  }

  lines(): string[] {
    const told = (Object.keys(headings) as NoticeKind[]).flatMap(about => {
      const group = this.#told.get(about)
      return group ? [{ about, ...group }] : []
    })
    return told.flatMap(({ about, count, examples }) => [
      '',
      `${headings[about]} (${count.toLocaleString('en')}):`,
      ...examples.map(example => `  ${example}`),
      ...(count > examples.length
        ? [`  and ${(count - examples.length).toLocaleString('en')} more of these`]
        : []),
    ])
  }
}
