import { keep, kept } from '../shell/keep.ts'
import { hasMod } from '../shell/keys.ts'

/** What Enter does in the box. `auto`: it sends, but on a keyboard that is drawn on the screen, which has no Shift+Enter, it breaks the line. */
export type EnterDoes = 'auto' | 'send' | 'break'

export function chosenEnter(): EnterDoes {
  const chosen = kept('enter')
  return chosen === 'send' || chosen === 'break' ? chosen : 'auto'
}

export const chooseEnter = (does: EnterDoes): void => keep('enter', does)

/** A page of which less than this share of the screen is left has a keyboard drawn over it; a browser's own bars take at most a third. */
const leftByKeyboard = 0.65

/** Whether this Enter sends. Shift breaks the line, Ctrl or ⌘ sends, whatever was chosen. */
export function enterSends(event: Pick<KeyboardEvent, 'code' | 'shiftKey' | 'metaKey' | 'ctrlKey'>): boolean {
  if (event.shiftKey) return false
  if (hasMod(event)) return true
  const does = chosenEnter()
  return does === 'auto' ? !isTouch() || isHardwareKey(event.code) : does === 'send'
}

/** What an on-screen keyboard writes on its Enter. */
export const enterHint = (): 'enter' | 'send' =>
  chosenEnter() === 'send' || (chosenEnter() === 'auto' && !isTouch()) ? 'send' : 'enter'

export const isTouch = (): boolean => matchMedia('(pointer: coarse)').matches

/** On-screen keyboards name no physical key (UI Events, section 4.3.2) or cover a good part of the page. */
const isHardwareKey = (code: string): boolean => code !== '' && code !== 'Unidentified' && !isCovered()

function isCovered(): boolean {
  const view = window.visualViewport
  if (!view) return false
  const sides = [screen.width, screen.height].sort((a, b) => a - b)
  // Some browsers turn the screen's sides with the device and others do not.
  const high = sides[screen.orientation?.type.startsWith('landscape') ? 0 : 1] ?? 0
  return view.height * view.scale < high * leftByKeyboard
}
