import { m } from '../../paraglide/messages.js'
import { Menu } from '../parts/Menu.tsx'
import type { Cell } from './picker-rows.ts'
import type { SkinTone } from './skin-tone.ts'
import { skinTones, withTone } from './skin-tone.ts'

const toneNames: Readonly<Record<SkinTone, () => string>> = {
  0: m.emoji_tone_none,
  1: m.emoji_tone_light,
  2: m.emoji_tone_medium_light,
  3: m.emoji_tone_medium,
  4: m.emoji_tone_medium_dark,
  5: m.emoji_tone_dark,
}

interface PickerFootProps {
  cell: Cell | null
  tone: SkinTone
  onTone: (tone: SkinTone) => void
}

/** What the emoji at hand is called, with its shortcode to type; and the skin tone to choose. */
export function PickerFoot({ cell, tone, onTone }: PickerFootProps) {
  const hand = (one: SkinTone) => <span aria-hidden="true">{withTone('✋', one)}</span>
  return (
    <div className="emoji-foot">
      <span className="emoji-large" aria-hidden="true">
        {cell?.char}
      </span>
      <span className="emoji-name" aria-hidden="true">
        {cell && (
          <>
            <b>{cell.emoji.name}</b>
            <span>:{cell.emoji.codes[0]}:</span>
          </>
        )}
      </span>
      <Menu
        label={m.emoji_tone({ tone: toneNames[tone]() })}
        icon={hand(tone)}
        items={skinTones.map(one => ({ label: toneNames[one](), icon: hand(one), act: () => onTone(one) }))}
      />
    </div>
  )
}
