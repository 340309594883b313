import { m } from '../../paraglide/messages.js'
import { AccountTabs } from './AccountTabs.tsx'
import { DeleteAccountSection } from './DeleteAccount.tsx'
import { PagePane } from './PagePane.tsx'
import { PictureSection } from './PictureSection.tsx'
import { ProfileForm } from './ProfileForm.tsx'
import './Profile.css'

/** `/profile`: what others see of oneself, and the end of the account. */
export function Profile() {
  return (
    <PagePane title={m.account_title()} tabs={<AccountTabs />}>
      <PictureSection />
      <ProfileForm />
      <DeleteAccountSection />
    </PagePane>
  )
}
