import { use, useState } from 'react'
import type { CallResult } from '../../sync/model.ts'
import { CurrentClient } from '../client.tsx'
import { confirmed } from './confirmed.ts'
import type { Obstacle } from './useForm.ts'
import { obstacleOf } from './useForm.ts'

/** An act that a button does: whether it is on its way, and why it did not happen. `done` gets what it came to. */
export function useAct<Input extends readonly unknown[], T>(
  act: (...input: Input) => Promise<CallResult<T>>,
  done: (result: T) => void = () => {},
) {
  const client = use(CurrentClient)
  const [busy, setBusy] = useState(false)
  const [obstacle, setObstacle] = useState<Obstacle | null>(null)

  async function go(input: Input) {
    setBusy(true)
    setObstacle(null)
    const answer = await confirmed(client, () => act(...input))
    setBusy(false)
    if ('ok' in answer) done(answer.ok)
    else setObstacle(obstacleOf(answer))
  }
  return { run: (...input: Input) => void go(input), busy, obstacle }
}
