import { useEffect } from 'react'
import { useLocation, useRoute } from 'wouter'
import type { Room } from '../../../contract/entities.ts'
import { limits } from '../../../contract/limits.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { roomTitle } from '../rooms/title.ts'

/** The tab of the browser: where one is, and how much is unread in all rooms; a dot on its icon says that there is some. */
export function PageTitle({ room }: { room: Room | null }) {
  const unread = useSelect(snapshot => [...snapshot.unread.values()].reduce((sum, count) => sum + count, 0))
  const workspace = useSelect(snapshot => snapshot.workspace.name)
  const users = useSelect(snapshot => snapshot.users)
  const me = useSelect(snapshot => snapshot.me.id)
  const page = usePageName()
  const where = room ? roomTitle(room, users, me) : page
  const count = unread > limits.unreadShown ? `${limits.unreadShown}+` : `${unread}`
  const title = [unread > 0 ? `(${count}) ` : '', where === null ? '' : `${where} · `, workspace].join('')
  useEffect(() => {
    document.title = title
  }, [title])
  const some = unread > 0
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (icon) icon.href = some ? '/icon-unread.svg' : '/icon.svg'
  }, [some])
  return null
}

function usePageName(): string | null {
  const [path] = useLocation()
  const [admin] = useRoute('/admin/*?')
  const names: readonly (readonly [boolean, () => string])[] = [
    [useRoute('/browse')[0], m.shell_browse],
    [useRoute('/profile')[0], m.shell_profile],
    [useRoute('/security')[0], m.shell_security],
    [useRoute('/preferences')[0], m.shell_preferences],
    [admin, m.shell_administration],
  ]
  return path === '/' ? null : (names.find(([here]) => here)?.[1] ?? m.shell_nowhere_title)()
}
