import { useEffect, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { errorText, waitText } from './error-text.ts'
import { Notice } from './Notice.tsx'
import type { Obstacle } from './useForm.ts'

/** Why an act did not happen, where it stands at no field; nothing where nothing stands in the way. */
export function ObstacleNotice({ obstacle }: { obstacle: Obstacle | null }) {
  if (obstacle === null) return null
  if (obstacle.is === 'unreachable') {
    return (
      <Notice look="danger" announce>
        {m.form_error_unreachable()}
      </Notice>
    )
  }
  const { error } = obstacle
  return (
    <Notice look="danger" announce>
      {error.code === 'rate_limited' ? (
        <Wait key={error.retryAfter} seconds={error.retryAfter ?? 1} />
      ) : (
        errorText(error)
      )}
    </Notice>
  )
}

/** Counts a rate limit's wait down. Screen readers hear the first figure only. */
function Wait({ seconds }: { seconds: number }) {
  const [until] = useState(() => Date.now() + seconds * 1000)
  const [left, setLeft] = useState(seconds)
  useEffect(() => {
    const tick = setInterval(() => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000))), 1000)
    return () => clearInterval(tick)
  }, [until])
  return (
    <>
      <span className="unseen">{m.form_rate_limited({ wait: waitText(seconds) })}</span>
      <span aria-hidden="true">
        {left > 0 ? m.form_rate_limited({ wait: waitText(left) }) : m.form_rate_limited_over()}
      </span>
    </>
  )
}
