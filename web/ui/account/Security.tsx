import { m } from '../../paraglide/messages.js'
import { AccountTabs } from './AccountTabs.tsx'
import { ChangePassword } from './ChangePassword.tsx'
import { PagePane } from './PagePane.tsx'
import { Sessions } from './Sessions.tsx'
import { Tokens } from './Tokens.tsx'

/** `/security`: how one gets in, and what is in already. */
export function Security() {
  return (
    <PagePane title={m.account_title()} tabs={<AccountTabs />}>
      <ChangePassword />
      <Sessions />
      <Tokens />
    </PagePane>
  )
}
