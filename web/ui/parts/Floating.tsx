import './Toasts.css'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { Tips } from './Tips.tsx'
import { currentToasts, onToasts } from './toast.ts'

/** What floats over every page. It comes after the page itself: nothing of it shows at first. */
export function Floating() {
  return (
    <>
      <Tips />
      <Toasts />
    </>
  )
}

/** Where toasts are shown and read out. One for the whole page. */
function Toasts() {
  const toasts = useSyncExternalStore(onToasts, currentToasts)
  const box = useRef<HTMLDivElement>(null)
  // A popover is above an open dialog only when it was shown after it.
  useEffect(() => {
    box.current?.hidePopover()
    if (toasts.length > 0) box.current?.showPopover()
  }, [toasts])
  return (
    <div ref={box} className="toasts" popover="manual" role="status">
      {toasts.map(toast => (
        <div key={toast.id} className="toast" data-fault={toast.fault ? '' : undefined}>
          {toast.fault ? <CircleAlert /> : <CircleCheck />}
          {toast.text}
        </div>
      ))}
    </div>
  )
}
