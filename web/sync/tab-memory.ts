import type { TabMemory } from './ports.ts'

/** sessionStorage, which throws where the browser blocks it: what is remembered by it can be done without. */
export const tabMemory: TabMemory = {
  get(key) {
    try {
      return sessionStorage.getItem(key)
    } catch {
      return null
    }
  },
  set(key, value) {
    try {
      if (value === null) sessionStorage.removeItem(key)
      else sessionStorage.setItem(key, value)
    } catch {
      // Refused or full.
    }
  },
}
