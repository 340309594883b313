/** Somebody or something that wants a name. */
export interface Wish {
  readonly key: string
  readonly name: string
}

export interface NameRules {
  /** Names are one where any of these forms of them is the same. */
  readonly forms: (name: string) => readonly string[]
  /** Stands between a name and its number. */
  readonly before: string
  /** Most characters of a name. */
  readonly most: number
}

/**
 * Gives each key a name of its own. Who comes first keeps the name as it is; whoever wants an equal one gets a number after it that makes
 * it nobody else's, and takes from none of those below who want their own name and can have it.
 */
export function giveNames(
  wishes: readonly Wish[],
  taken: ReadonlySet<string>,
  rules: NameRules,
): ReadonlyMap<string, string> {
  const given = new Map<string, string>()
  const held = new Set(taken)
  const left = wishes.filter(({ key, name }) => {
    const forms = rules.forms(name)
    if (forms.some(form => held.has(form))) return true
    for (const form of forms) held.add(form)
    given.set(key, name)
    return false
  })
  const next = new Map<string, number>()
  for (const { key, name } of left) {
    const candidate = numbered(name, held, next, rules)
    for (const form of rules.forms(candidate)) held.add(form)
    given.set(key, candidate)
  }
  return given
}

/** `next` remembers the number to try, so that a thousand equal names do not try a million. */
function numbered(
  name: string,
  held: ReadonlySet<string>,
  next: Map<string, number>,
  rules: NameRules,
): string {
  const [first = name] = rules.forms(name)
  for (let number = next.get(first) ?? 2; ; number++) {
    const end = `${rules.before}${number}`
    const candidate = `${[...name].slice(0, rules.most - end.length).join('')}${end}`
    if (rules.forms(candidate).some(form => held.has(form))) continue
    next.set(first, number + 1)
    return candidate
  }
}
