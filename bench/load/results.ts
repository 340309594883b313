import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { machine } from './process.ts'

/** Keeps what a benchmark measured, with the machine and the commit, in bench/results. */
export function keep(name: string, measured: object): void {
  const about = machine()
  const folder = join(import.meta.dirname, '..', 'results')
  mkdirSync(folder, { recursive: true })
  const file = `${name}-${about.at}-${about.commit}.json`
  writeFileSync(join(folder, file), `${JSON.stringify({ machine: about, ...measured }, null, 2)}\n`)
  console.log(`written to bench/results/${file}`)
}
