// node confab.mjs run scripts/complete-lock.ts: after an `npm install` that changed package-lock.json, fills in what npm left out, and takes out what it would warn of.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { complete, demanding, missing } from './lock.ts'

const file = join(import.meta.dirname, '..', 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))
console.log(
  `${missing(lock).length} optional packages were left out, ${demanding(lock).length} packages ask for a newer Node.`,
)
writeFileSync(file, `${JSON.stringify(complete(lock), null, 2)}\n`)
