import { Keyboard, LogOut, ShieldCheck, SlidersHorizontal, UserRound, Wrench } from 'lucide-react'
import { useLocation } from 'wouter'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import type { MenuItem } from '../parts/Menu.tsx'
import { useShow } from './dialogs.ts'

/** What one can do about oneself and this page. */
export function useAccountMenu(): readonly (MenuItem | null)[] {
  const role = useSelect(snapshot => snapshot.me.role)
  const show = useShow()
  const [, navigate] = useLocation()
  const to = (path: string) => () => navigate(path)
  return [
    { label: m.shell_profile(), icon: <UserRound />, act: to('/profile') },
    { label: m.shell_preferences(), icon: <SlidersHorizontal />, act: to('/preferences') },
    { label: m.shell_security(), icon: <ShieldCheck />, act: to('/security') },
    ...(role === 'member'
      ? []
      : [{ label: m.shell_administration(), icon: <Wrench />, act: to('/admin/people') }]),
    null,
    { label: m.shell_keys(), icon: <Keyboard />, act: () => show({ is: 'keys' }) },
    { label: m.shell_sign_out(), icon: <LogOut />, act: () => show({ is: 'sign-out' }) },
  ]
}
