import type { User } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { PasswordlessTag, RoleTag, StateTag } from '../dialogs/PersonTags.tsx'
import { Notice } from '../forms/Notice.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { nameOf } from '../people/names.ts'
import { AccountActs } from './AccountActs.tsx'
import { AccountForm } from './AccountForm.tsx'
import '../dialogs/dialogs.css'
import '../dialogs/PersonDialog.css'

/** Somebody's account, for who administers it. `onChanged` gets the person as they then are. */
export function AccountDialog({
  user,
  passwordless,
  onChanged,
  onPassword,
  onClose,
}: {
  user: User
  passwordless: boolean
  onChanged: (user: User) => void
  /** They have a new password. */
  onPassword: () => void
  onClose: () => void
}) {
  const me = useSelect(snapshot => snapshot.me)
  const isMe = user.id === me.id
  const touchable = isMe || me.role === 'owner' || user.role === 'member'
  return (
    <Dialog title={m.admin_person_title()} onClose={onClose}>
      <div className="dialog-stack">
        <PersonHead user={user} passwordless={passwordless} />
        {isMe && <Notice look="info">{m.admin_person_yourself()}</Notice>}
        {touchable ? (
          <>
            <AccountForm user={user} onChanged={onChanged} />
            <AccountActs
              user={user}
              isMe={isMe}
              onChanged={onChanged}
              onPassword={onPassword}
              onGone={onClose}
            />
          </>
        ) : (
          <Notice look="info">{m.admin_person_untouchable()}</Notice>
        )}
      </div>
    </Dialog>
  )
}

function PersonHead({ user, passwordless }: { user: User; passwordless: boolean }) {
  return (
    <header className="person-head">
      <Avatar user={user} size={48} />
      <div>
        <p className="person-name" dir="auto">
          {nameOf(user)}
        </p>
        <p className="person-tags">
          <RoleTag role={user.role} />
          <StateTag state={user.state} />
          {passwordless && <PasswordlessTag />}
        </p>
      </div>
    </header>
  )
}
