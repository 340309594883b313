import { Tips } from './Tips.tsx'
import { Toasts } from './Toasts.tsx'

/** What floats over every page. It comes after the page itself: nothing of it shows at first. */
export function Floating() {
  return (
    <>
      <Tips />
      <Toasts />
    </>
  )
}
