import { useCallback, useEffect, useState } from 'react'
import type { Input, OperationName, Output } from '../../../contract/operations.ts'
import type { CallResult } from '../../sync/model.ts'
import { useClient } from '../client.tsx'

/**
 * What an operation answers, asked when the component appears, whenever the input becomes another one, and again on `again`. `null`
 * while nothing has come; what came stays while it is asked again.
 */
export function useAnswer<Name extends OperationName>(op: Name, input: Input<Name>) {
  const client = useClient()
  const [answer, setAnswer] = useState<CallResult<Output<Name>> | null>(null)
  const [asked, setAsked] = useState(0)
  const key = JSON.stringify(input)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the input, and `asked` asks again.
  useEffect(() => {
    let current = true
    void client.call(op, JSON.parse(key) as Input<Name>).then(came => {
      if (current) setAnswer(came)
    })
    return () => {
      current = false
    }
  }, [client, op, key, asked])
  const again = useCallback(() => setAsked(times => times + 1), [])
  return { answer, again }
}
