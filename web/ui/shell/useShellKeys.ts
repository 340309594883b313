import { useEffect } from 'react'
import { useLocation } from 'wouter'
import type { RoomId } from '../../../contract/ids.ts'
import { useClient } from '../client.tsx'
import { roomPath } from '../rooms/address.ts'
import { listedDirects, listedRooms } from '../rooms/order.ts'
import type { Shown } from './dialogs.ts'
import { hasMod, isWriting, keyOf } from './keys.ts'

/** The keys that work everywhere: Ctrl/⌘+K jumps, Alt with the arrows goes from room to room, `?` lists the keys. */
export function useShellKeys(options: {
  show: (dialog: Shown | null) => void
  current: RoomId | null
  /** A dialog is open: only the key that closes it works. */
  open: boolean
}): void {
  const { show, current, open } = options
  const client = useClient()
  const [, navigate] = useLocation()
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.isComposing) return
      if (hasMod(event) && keyOf(event) === 'k') {
        event.preventDefault()
        show({ is: 'switcher' })
      } else if (keyOf(event) === '?' && !open && !isWriting(event.target)) {
        event.preventDefault()
        show({ is: 'keys' })
      } else if (event.altKey && !hasMod(event) && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
        const to = neighbour(event.key === 'ArrowUp' ? -1 : 1, event.shiftKey)
        if (!to || open) return
        event.preventDefault()
        navigate(to)
      }
    }
    const neighbour = (step: 1 | -1, unreadOnly: boolean): string | null => {
      const now = client.snapshot()
      const all = [...listedRooms(now, current), ...listedDirects(now, current)]
      const from = all.findIndex(room => room.id === current)
      const turned =
        step === 1
          ? [...all.slice(from + 1), ...all.slice(0, from + 1)]
          : [...all.slice(from), ...all.slice(0, from)].reverse()
      const room = turned.find(one => one.id !== current && (!unreadOnly || now.unread.has(one.id)))
      return room ? roomPath(room) : null
    }
    document.addEventListener('keydown', key)
    return () => document.removeEventListener('keydown', key)
  }, [client, navigate, show, current, open])
}
