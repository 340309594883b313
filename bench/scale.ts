// npm run bench -- scale: simulates the fan-out of crowds that no machine here could hold, from costs that were measured
// (bench/scale/measured.json), prints the tables, and writes them into docs/SCALE.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { figures } from './scale/figures.ts'

const file = join(import.meta.dirname, '..', 'docs', 'SCALE.md')
const tables = figures()
console.log(tables)
const text = readFileSync(file, 'utf8')
writeFileSync(
  file,
  text.replace(/(<!-- figures -->\n)[\s\S]*?(\n<!-- end -->)/, (_, before, after) => before + tables + after),
)
