import { test } from 'node:test'
import { checkpointsFail, postgresFails, sqliteFails } from '../faults/power.ts'

const cuts = 100

test(`[L1] [L2] [L3] [F1] [F2] ${cuts} power failures of SQLite`, t => sqliteFails(t, cuts))
test(`[L1] [L2] [L3] [F1] [F2] ${cuts} power failures of PostgreSQL`, t => postgresFails(t, cuts))
test(`[L1] [L2] [L3] [L5] ${cuts} power failures in checkpoints of SQLite`, t => checkpointsFail(t, cuts))
