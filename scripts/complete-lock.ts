// node confab.mjs run scripts/complete-lock.ts: after an `npm install` that changed package-lock.json, fills in what npm left out.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { complete, missing } from './lock.ts'

const file = join(import.meta.dirname, '..', 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))
console.log(`${missing(lock).length} optional packages were left out.`)
writeFileSync(file, `${JSON.stringify(complete(lock), null, 2)}\n`)
