import { ShieldBan } from 'lucide-react'
import type { ReactNode } from 'react'
import { m } from '../../paraglide/messages.js'
import { PagePane, PageTabs } from '../account/PagePane.tsx'
import { useSelect } from '../client.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'

/** A page of the administration. The server decides what anybody may do; this only tells who cannot use the page. */
export function AdminPage({
  action,
  wide = false,
  children,
}: {
  action?: ReactNode
  wide?: boolean
  children: ReactNode
}) {
  const administers = useSelect(snapshot => snapshot.me.role !== 'member')
  if (!administers) {
    return (
      <PagePane title={m.admin_title()}>
        <EmptyState icon={<ShieldBan />} title={m.admin_only()}>
          {m.admin_only_says()}
        </EmptyState>
      </PagePane>
    )
  }
  return (
    <PagePane title={m.admin_title()} tabs={<AdminTabs />} action={action} wide={wide}>
      {children}
    </PagePane>
  )
}

function AdminTabs() {
  return (
    <PageTabs
      label={m.admin_nav()}
      tabs={[
        { href: '/admin/people', label: m.admin_people() },
        { href: '/admin/rooms', label: m.admin_rooms() },
        { href: '/admin/messages', label: m.admin_messages() },
        { href: '/admin/workspace', label: m.admin_workspace() },
      ]}
    />
  )
}
