import { ZoomIn, ZoomOut } from 'lucide-react'
import { useState } from 'react'
import type { Output } from '../../../contract/operations.ts'
import { m } from '../../paraglide/messages.js'
import type { CallResult } from '../../sync/model.ts'
import { sendBytes } from '../../sync/transport/upload.ts'
import { Notice } from '../forms/Notice.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import type { FormRefusal } from '../forms/useForm.ts'
import { obstacleOf } from '../forms/useForm.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { CropStage } from './CropStage.tsx'
import { maxZoom, startCrop, zoomed } from './crop.ts'
import type { ChosenPicture } from './picture.ts'
import { cut } from './picture.ts'
import './CropDialog.css'
import '../dialogs/dialogs.css'

/** Chooses the square of a picture, and sends it. */
export function CropDialog({ picture, onClose }: { picture: ChosenPicture; onClose: () => void }) {
  const { image } = picture
  const [crop, setCrop] = useState(() => startCrop(image.naturalWidth, image.naturalHeight))
  const { share, refusal, send } = useSending(onClose)
  const busy = share !== null

  return (
    <Dialog
      title={m.account_picture_crop()}
      onClose={onClose}
      size="small"
      locked={busy}
      actions={
        <>
          <Button onClick={onClose} disabled={busy}>
            {m.form_cancel()}
          </Button>
          <Button look="primary" busy={busy} onClick={() => void send(() => cut(image, crop))}>
            {m.account_picture_use()}
          </Button>
        </>
      }
    >
      <div className="dialog-stack">
        <Refused refusal={refusal} />
        <CropStage image={image} crop={crop} onCrop={setCrop} />
        <ZoomSlider zoom={crop.zoom} onZoom={zoom => setCrop(zoomed(crop, zoom))} />
        {share !== null && <Sending share={share} />}
      </div>
    </Dialog>
  )
}

function ZoomSlider({ zoom, onZoom }: { zoom: number; onZoom: (zoom: number) => void }) {
  return (
    <div className="crop-zoom">
      <ZoomOut aria-hidden="true" />
      <input
        type="range"
        aria-label={m.account_picture_zoom()}
        min={1}
        max={maxZoom}
        step={0.01}
        value={zoom}
        onChange={event => onZoom(event.target.valueAsNumber)}
      />
      <ZoomIn aria-hidden="true" />
    </div>
  )
}

function Sending({ share }: { share: number }) {
  const label = m.account_picture_sending({ percent: Math.round(share * 100) })
  return (
    <div className="crop-sending">
      <progress value={share} aria-label={label} />
      <span aria-hidden="true">{label}</span>
    </div>
  )
}

function Refused({ refusal }: { refusal: FormRefusal | null }) {
  if (refusal === null) return null
  const wrong = 'error' in refusal && ['unsupported', 'invalid', 'too_large'].includes(refusal.error.code)
  if (!wrong) return <ObstacleNotice obstacle={obstacleOf(refusal)} />
  return (
    <Notice look="danger" announce>
      {m.account_picture_wrong()}
    </Notice>
  )
}

/** Sends a picture: the share that left while it does, and why it was refused where it was. */
function useSending(done: () => void) {
  const [share, setShare] = useState<number | null>(null)
  const [refusal, setRefusal] = useState<FormRefusal | null>(null)

  async function send(make: () => Promise<Blob | null>) {
    setRefusal(null)
    setShare(0)
    const bytes = await make()
    const answer: CallResult<Output<'me.setAvatar'>> = bytes
      ? await sendBytes('me.setAvatar', {}, bytes, setShare)
      : { error: { code: 'unsupported', message: '' } }
    setShare(null)
    if ('ok' in answer) done()
    else setRefusal(answer)
  }
  return { share, refusal, send }
}
