import { tabStorage } from './device.ts'
import type { TabMemory } from './ports.ts'

/** What one tab remembers, reloading included. */
export const tabMemory: TabMemory = {
  get: key => tabStorage.get(key),
  set(key, value) {
    if (value === null) tabStorage.remove(key)
    else tabStorage.set(key, value)
  },
}
