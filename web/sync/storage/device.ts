/** Short texts that this device keeps, by name. Nothing of it throws. */
export interface DeviceStorage {
  get(name: string): string | null
  /** `false`: it is kept no longer than the page, since the browser refuses storage or has none left. */
  set(name: string, value: string): boolean
  remove(name: string): void
}

/**
 * A storage of the browser that may be refused: merely naming `localStorage` throws where cookies are blocked. What is refused is kept in
 * memory. Everything that the page keeps in small goes through here.
 */
function guarded(find: () => Storage): DeviceStorage {
  const memory = new Map<string, string>()
  return {
    get: name => memory.get(name) ?? attempt(() => find().getItem(name), null),
    set: (name, value) => {
      const isStored = attempt(() => {
        find().setItem(name, value)
        return true
      }, false)
      if (isStored) memory.delete(name)
      else memory.set(name, value)
      return isStored
    },
    remove: name => {
      memory.delete(name)
      attempt(() => find().removeItem(name), undefined)
    },
  }
}

/** What the browser answers, or `otherwise` where it refuses. */
export function attempt<T>(ask: () => T, otherwise: T): T {
  try {
    return ask()
  } catch {
    return otherwise
  }
}

/** For as long as the browser keeps the site's data, shared by its tabs. */
export const deviceStorage: DeviceStorage = guarded(() => localStorage)

/** For as long as the tab is open, reloading included. */
export const tabStorage: DeviceStorage = guarded(() => sessionStorage)
