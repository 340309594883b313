import { Suspense } from 'react'
import { Boundary } from '../parts/Boundary.tsx'
import { lazyPart } from '../parts/lazy-part.ts'
import type { EmojiPickerProps } from './EmojiPicker.tsx'

const LoadedPicker = lazyPart(async () => {
  const [{ EmojiPicker }, list] = await Promise.all([
    import('./EmojiPicker.tsx'),
    import('./load-emoji.ts').then(({ loadEmoji }) => loadEmoji()),
  ])
  return ({ onPick }: EmojiPickerProps) => <EmojiPicker list={list} onPick={onPick} />
})

/** The picker of emoji, which is loaded with its list when it is first shown. */
export function EmojiPanel({ onPick }: EmojiPickerProps) {
  return (
    <Boundary>
      <Suspense fallback={<div className="emoji-picker" aria-busy="true" />}>
        <LoadedPicker onPick={onPick} />
      </Suspense>
    </Boundary>
  )
}
