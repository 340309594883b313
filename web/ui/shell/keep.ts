import { deviceStorage } from '../../sync/storage/device.ts'

/** Small things that this device keeps between visits. What this tab kept itself it finds again, whatever other tabs keep meanwhile. */
const memory = new Map<string, string>()

export function keep(name: string, value: string): void {
  memory.set(name, value)
  deviceStorage.set(`confab.${name}`, value)
}

export function forget(name: string): void {
  memory.delete(name)
  deviceStorage.remove(`confab.${name}`)
}

export function kept(name: string): string | null {
  return memory.get(name) ?? deviceStorage.get(`confab.${name}`)
}
