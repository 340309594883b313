import { deviceStorage } from '../sync/storage/device.ts'

export type Theme = 'system' | 'light' | 'dark'

const key = 'confab.theme'

/** The theme that this browser was told to keep; `system` where none was, or where storage is refused. */
export function chosenTheme(): Theme {
  const kept = deviceStorage.get(key)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

/** Keeps the choice for this browser and shows it at once. Other tabs follow through `followTheme`. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') deviceStorage.remove(key)
  else deviceStorage.set(key, theme)
  showTheme(theme)
}

/** Shows the chosen theme now, and whenever another tab chooses one. */
export function followTheme(): void {
  showTheme(chosenTheme())
  addEventListener('storage', event => {
    if (event.key === key || event.key === null) showTheme(chosenTheme())
  })
}

function showTheme(theme: Theme): void {
  const root = document.documentElement
  if (theme === 'system') delete root.dataset.theme
  else root.dataset.theme = theme
}
