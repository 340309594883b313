/** Numbers that look random and are the same at every run: two data directories seeded alike hold the same people and the same talk. */
export interface Chance {
  /** From 0, below `below`. */
  number(below: number): number
  /** True so often, of 1. */
  is(often: number): boolean
  of<T>(things: readonly T[]): T
}

/** The generator mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const number = (below: number) => Math.floor(next() * below)
  return {
    number,
    is: often => next() < often,
    of: <T>(things: readonly T[]) => things[number(things.length)] as T,
  }
}
