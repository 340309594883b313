import { createContext, use } from 'react'
import type { RoomId, UserId } from '../../../contract/ids.ts'

/** A dialog over the page. At most one is open. */
export type Shown =
  | { is: 'switcher' }
  | { is: 'keys' }
  /** `name`: what it is to be called, to begin with. */
  | { is: 'new-room'; name?: string }
  | { is: 'new-direct' }
  | { is: 'sign-out' }
  /** `room`: the one that their part in is shown and changed. */
  | { is: 'person'; user: UserId; room?: RoomId }
  | { is: 'room-settings'; room: RoomId }
  | { is: 'add-people'; room: RoomId }
  | { is: 'leave'; room: RoomId }
  | { is: 'delete-direct'; room: RoomId }

const ShowContext = createContext<(dialog: Shown | null) => void>(() => {})

const IsShownContext = createContext(false)

export const ShowProvider = ShowContext
export const IsShownProvider = IsShownContext

/** Opens a dialog in place of the one that is open; `null` closes it. */
export const useShow = (): ((dialog: Shown | null) => void) => use(ShowContext)

/** Whether a dialog is open. */
export const useIsShown = (): boolean => use(IsShownContext)
