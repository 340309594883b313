import { useEffect, useState } from 'react'
import type { WireError } from '../../../contract/frames.ts'

/** Why something was refused, in words, which are loaded with the first refusal; until then as the server worded it. */
export function ErrorText({ error }: { error: WireError }) {
  const [words, setWords] = useState<{ of: WireError; text: string } | null>(null)
  useEffect(() => {
    let gone = false
    void import('../forms/error-text.ts').then(({ errorText }) => {
      if (!gone) setWords({ of: error, text: errorText(error) })
    })
    return () => {
      gone = true
    }
  }, [error])
  return words?.of === error ? words.text : error.message
}
