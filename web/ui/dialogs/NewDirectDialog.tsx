import type { UserId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { useKeptChoice } from '../forms/unsaved.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { PeoplePicker } from './PeoplePicker.tsx'
import { byName, canTalk } from './people.ts'
import { useOpenDirect } from './useOpenDirect.ts'
import './dialogs.css'

/** Opens the direct room of oneself and those who are chosen. */
export function NewDirectDialog({ onClose }: { onClose: () => void }) {
  const me = useSelect(snapshot => snapshot.me.id)
  const users = useSelect(snapshot => snapshot.users)
  const { chosen, setChosen, discardAnd } = useKeptChoice<UserId>('new direct')
  const { open, busy, obstacle } = useOpenDirect(discardAnd(onClose))
  return (
    <Dialog
      title={m.dialog_new_direct()}
      onClose={onClose}
      locked={busy}
      actions={
        <>
          <Button onClick={discardAnd(onClose)} disabled={busy}>
            {m.form_cancel()}
          </Button>
          <Button look="primary" busy={busy} disabled={chosen.length === 0} onClick={() => open(chosen)}>
            {m.dialog_new_direct_submit()}
          </Button>
        </>
      }
    >
      <div className="dialog-stack">
        <p className="dialog-says">{m.dialog_new_direct_says()}</p>
        <ObstacleNotice obstacle={obstacle} />
        <PeoplePicker
          people={[...users.values()].filter(user => canTalk(user) && user.id !== me).sort(byName)}
          chosen={chosen}
          onChoose={setChosen}
          onDone={() => !busy && open(chosen)}
          max={limits.othersInDirect}
        />
      </div>
    </Dialog>
  )
}
