/** Somebody or something that wants a name. */
export interface Wish {
  readonly key: string
  readonly name: string
}

export interface NameRules {
  /** Names equal after this are one. */
  readonly fold: (name: string) => string
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
    const folded = rules.fold(name)
    if (held.has(folded)) return true
    held.add(folded)
    given.set(key, name)
    return false
  })
  const next = new Map<string, number>()
  for (const { key, name } of left) {
    const candidate = numbered(name, held, next, rules)
    held.add(rules.fold(candidate))
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
  for (let number = next.get(rules.fold(name)) ?? 2; ; number++) {
    const end = `${rules.before}${number}`
    const candidate = `${[...name].slice(0, rules.most - end.length).join('')}${end}`
    if (held.has(rules.fold(candidate))) continue
    next.set(rules.fold(name), number + 1)
    return candidate
  }
}
