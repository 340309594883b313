// npm run bench sizes: what each script and style of the page weighs after gzip, and the shell beside what it may weigh.
import { join } from 'node:path'
import { bringPageUpToDate } from '../scripts/page.ts'
import { MOST, shellWeight, weigh } from '../scripts/weight.ts'

const root = join(import.meta.dirname, '..')
const refusal = bringPageUpToDate(root)
if (refusal) {
  console.error(refusal)
  process.exit(1)
}
const assets = weigh(join(root, 'dist', 'web'))
const row = (weight: number, text: string) =>
  console.log(`${(weight / 1000).toFixed(1).padStart(8)} kB  ${text}`)
for (const { file, weight, shell } of assets) row(weight, `${file}${shell ? '  (shell)' : ''}`)
const shell = shellWeight(assets)
console.log()
row(shell.scripts, `scripts of the shell, of ${MOST.scripts / 1000} kB`)
row(shell.styles, `styles of the shell, of ${MOST.styles / 1000} kB`)
