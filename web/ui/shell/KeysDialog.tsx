import { m } from '../../paraglide/messages.js'
import { Dialog } from '../parts/Dialog.tsx'
import { isApple, keysText } from './keys.ts'
import './KeysDialog.css'

const groups = [
  {
    title: m.shell_keys_everywhere,
    keys: [
      ['mod+K', m.shell_jump],
      ['alt+↑  alt+↓', m.shell_keys_room],
      ['alt+shift+↑  alt+shift+↓', m.shell_keys_unread],
      ['?', m.shell_keys],
    ],
  },
  {
    title: m.shell_keys_writing,
    keys: [
      ['Enter  mod+Enter', m.chat_send],
      ['shift+Enter', m.shell_keys_break],
      ['↑', m.shell_keys_edit_last],
      ['Esc', m.shell_keys_leave],
      ['mod+B', m.chat_bold],
      ['mod+I', m.chat_italic],
      ['mod+E', m.chat_code],
    ],
  },
  {
    title: m.shell_keys_message,
    keys: [
      ['↑  ↓', m.shell_keys_move],
      ['Enter', m.chat_message_menu],
      ['Esc', m.shell_keys_back],
      ['R', m.chat_reply],
      ['E', m.chat_edit],
      ['C', m.chat_copy_text],
      ['L', m.chat_copy_link],
      ['U', m.chat_mark_unread],
      ['Delete', m.chat_delete],
    ],
  },
] as const

const names: Readonly<Record<string, () => string>> = {
  'shift+': () => (isApple ? '⇧' : `${m.shell_key_shift()}+`),
  'alt+': () => (isApple ? '⌥' : 'Alt+'),
  Delete: m.shell_key_delete,
}

/** The same for combinations of all keys; in one go, since "Umschalt+" has an "alt+" in it. */
const allKeysText = (keys: string): string =>
  keysText(keys).replaceAll(/shift\+|alt\+|Delete/g, key => names[key]?.() ?? key)

/** What every key does. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={m.shell_keys()} size="wide" onClose={onClose}>
      <div className="keys">
        {groups.map(({ title, keys }) => (
          <section key={title()}>
            <h3>{title()}</h3>
            <dl>
              {keys.map(([combination, does]) => (
                <div key={combination}>
                  <dt>{does()}</dt>
                  <dd>
                    {allKeysText(combination)
                      .split('  ')
                      .map(one => (
                        <kbd key={one}>{one}</kbd>
                      ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
