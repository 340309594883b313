import { ImageUp, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { Notice } from '../forms/Notice.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import type { Obstacle } from '../forms/use-form.ts'
import { obstacleOf } from '../forms/use-form.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { CropDialog } from './CropDialog.tsx'
import { Section } from './Page.tsx'
import type { Picture } from './picture.ts'
import { pictureTypes, readPicture } from './picture.ts'
import '../forms/FormFoot.css'

/** One's picture: as others see it, to be changed and taken away. */
export function PictureSection() {
  const client = useClient()
  const me = useSelect(snapshot => snapshot.me)
  const chooser = useRef<HTMLInputElement>(null)
  const [picture, setPicture] = useState<Picture | null>(null)
  const [wrong, setWrong] = useState(false)
  const [removing, setRemoving] = useState(false)
  const [obstacle, setObstacle] = useState<Obstacle | null>(null)

  async function choose(file: File | undefined) {
    if (!file) return
    const read = await readPicture(file)
    setWrong(read === null)
    setPicture(read)
  }
  async function remove() {
    setRemoving(true)
    const answer = await client.call('me.removeAvatar', {})
    setRemoving(false)
    setObstacle('ok' in answer ? null : obstacleOf(answer))
  }
  return (
    <Section title={m.account_picture()}>
      {wrong && (
        <Notice look="danger" announce>
          {m.account_picture_wrong()}
        </Notice>
      )}
      <ObstacleNotice obstacle={obstacle} />
      <div className="picture">
        <Avatar user={me} size={96} />
        <div className="picture-acts">
          <div className="form-foot">
            <Button icon={<ImageUp />} onClick={() => chooser.current?.click()}>
              {me.avatar ? m.account_picture_change() : m.account_picture_choose()}
            </Button>
            {me.avatar && (
              <Button look="quiet" icon={<Trash2 />} busy={removing} onClick={() => void remove()}>
                {m.account_picture_remove()}
              </Button>
            )}
          </div>
          <p className="field-hint">{m.account_picture_says()}</p>
        </div>
        <input
          ref={chooser}
          type="file"
          hidden
          accept={pictureTypes.join(',')}
          aria-label={m.account_picture_choose()}
          onChange={event => {
            void choose(event.target.files?.[0])
            // The same file may be chosen again.
            event.target.value = ''
          }}
        />
      </div>
      {picture && (
        <CropDialog
          picture={picture}
          onClose={() => {
            picture.close()
            setPicture(null)
          }}
        />
      )}
    </Section>
  )
}
