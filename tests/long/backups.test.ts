import { test } from 'node:test'
import { backUpWhileTalking } from '../move/while-talking.ts'

for (const on of ['sqlite', 'postgres'] as const)
  test(`[L1] [L2] [L3] each of 18 backups of ${on}, one every 10 s while people talk, is a beginning of what they said, and keeps nobody from talking`, t =>
    backUpWhileTalking(t, { on, backups: 18, everyMs: 10_000 }))
