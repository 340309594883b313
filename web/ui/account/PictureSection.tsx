import { ImageUp, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { Notice } from '../forms/Notice.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import type { Obstacle } from '../forms/useForm.ts'
import { obstacleOf } from '../forms/useForm.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { CropDialog } from './CropDialog.tsx'
import { Section } from './PagePane.tsx'
import type { ChosenPicture } from './picture.ts'
import { pictureTypes, readPicture } from './picture.ts'
import '../forms/FormFoot.css'

/** One's picture: as others see it, to be changed and taken away. */
export function PictureSection() {
  const me = useSelect(snapshot => snapshot.me)
  const { picture, wrong, choose, close } = useChosen()
  return (
    <Section title={m.account_picture()}>
      {wrong && (
        <Notice look="danger" announce>
          {m.account_picture_wrong()}
        </Notice>
      )}
      <div className="picture">
        <Avatar user={me} size={96} />
        <div className="picture-acts">
          <div className="form-foot">
            <Chooser changes={me.avatar !== null} onChoose={choose} />
            {me.avatar && <RemovePicture />}
          </div>
          <p className="field-hint">{m.account_picture_says()}</p>
        </div>
      </div>
      {picture && <CropDialog picture={picture} onClose={close} />}
    </Section>
  )
}

/** The picture that was chosen and is to be cropped; `wrong` where the last file was none. */
function useChosen() {
  const [picture, setPicture] = useState<ChosenPicture | null>(null)
  const [wrong, setWrong] = useState(false)
  async function choose(file: File) {
    const read = await readPicture(file)
    setWrong(read === null)
    setPicture(read)
  }
  const close = () => {
    picture?.close()
    setPicture(null)
  }
  return { picture, wrong, choose: (file: File) => void choose(file), close }
}

function Chooser({ changes, onChoose }: { changes: boolean; onChoose: (file: File) => void }) {
  const chooser = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button icon={<ImageUp />} onClick={() => chooser.current?.click()}>
        {changes ? m.account_picture_change() : m.account_picture_choose()}
      </Button>
      <input
        ref={chooser}
        type="file"
        hidden
        accept={pictureTypes.join(',')}
        aria-label={m.account_picture_choose()}
        onChange={event => {
          const file = event.target.files?.[0]
          if (file) onChoose(file)
          // The same file may be chosen again.
          event.target.value = ''
        }}
      />
    </>
  )
}

function RemovePicture() {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const [obstacle, setObstacle] = useState<Obstacle | null>(null)
  async function remove() {
    setBusy(true)
    const answer = await client.call('me.removeAvatar', {})
    setBusy(false)
    setObstacle('ok' in answer ? null : obstacleOf(answer))
  }
  return (
    <>
      <Button look="quiet" icon={<Trash2 />} busy={busy} onClick={() => void remove()}>
        {m.account_picture_remove()}
      </Button>
      <ObstacleNotice obstacle={obstacle} />
    </>
  )
}
