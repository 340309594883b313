import { m } from '../../paraglide/messages.js'

/** Whether this device calls its command key ⌘. */
export const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** A combination of keys as this device writes it in the reader's language: "mod+K" is ⌘K, Ctrl+K or Strg+K. */
export function keysText(keys: string): string {
  return keys.replaceAll('mod+', isApple ? '⌘' : `${m.shell_key_ctrl()}+`)
}

/** Whether the command key of this device is held: ⌘ there, Ctrl elsewhere. */
export const hasMod = (event: { metaKey: boolean; ctrlKey: boolean }): boolean =>
  isApple ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey

/**
 * The key of a shortcut, in small letters: what the key writes, or where that is no letter of ours (Cyrillic, Greek, Arabic ... layouts) the
 * letter of its place on a US keyboard (UI Events KeyboardEvent code Values). The one way to ask for a letter.
 */
export function keyOf({ key, code }: { key: string; code: string }): string {
  if (key.length !== 1) return key
  if (key <= '~') return key.toLowerCase()
  if (key === '؟') return '?'
  return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? key
}

/** Whether somebody is writing, so that a plain letter is text and no command. */
export function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}
