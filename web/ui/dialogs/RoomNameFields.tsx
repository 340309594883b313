import { m } from '../../paraglide/messages.js'
import { autofocus } from '../forms/autofocus.ts'
import type { TextFieldProps } from '../forms/TextField.tsx'
import { TextField } from '../forms/TextField.tsx'

/** What a room is called and what it is for. The dialog around starts here. */
export function RoomNameFields({
  of,
  called,
}: {
  /** The name that stands there at first, where the form does not hold the values itself. */
  called?: string
  of: (name: 'name' | 'topic') => Pick<TextFieldProps, 'error' | 'value' | 'onChange'> & { name: string }
}) {
  return (
    <>
      <TextField
        {...of('name')}
        {...(called !== undefined && { defaultValue: called })}
        ref={autofocus}
        label={m.dialog_room_name()}
        autoComplete="off"
        required
      />
      <TextField
        {...of('topic')}
        label={m.dialog_room_topic()}
        hint={m.dialog_room_topic_hint()}
        autoComplete="off"
        optional
      />
    </>
  )
}
