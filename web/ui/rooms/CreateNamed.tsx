import { Plus } from 'lucide-react'
import { m } from '../../paraglide/messages.js'
import { Button } from '../parts/Button.tsx'
import { useShow } from '../shell/dialogs.ts'

/** Offers to create the room that was looked for. */
export function CreateNamed({ name }: { name: string }) {
  const show = useShow()
  return (
    <Button look="primary" icon={<Plus />} onClick={() => show({ is: 'new-room', name })}>
      {m.shell_create_named({ name })}
    </Button>
  )
}
