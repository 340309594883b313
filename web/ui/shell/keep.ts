/** Small things that this browser keeps between visits. Storage may be refused: then they last as long as the page. */
const memory = new Map<string, string>()

export function keep(name: string, value: string): void {
  memory.set(name, value)
  try {
    localStorage.setItem(`confab.${name}`, value)
  } catch {
    // Refused or full: memory has it.
  }
}

export function kept(name: string): string | null {
  try {
    return memory.get(name) ?? localStorage.getItem(`confab.${name}`)
  } catch {
    return memory.get(name) ?? null
  }
}
