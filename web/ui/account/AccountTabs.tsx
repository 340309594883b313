import { m } from '../../paraglide/messages.js'
import { PageTabs } from './PagePane.tsx'

/** Between the pages on oneself. */
export function AccountTabs() {
  return (
    <PageTabs
      label={m.account_nav()}
      tabs={[
        { href: '/profile', label: m.account_profile() },
        { href: '/security', label: m.account_security() },
        { href: '/preferences', label: m.account_preferences() },
      ]}
    />
  )
}
