// npm run bench -- <name> [arguments]: runs bench/<name>.ts; without a name, lists them.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = join(import.meta.dirname, '..', 'bench')
const [name, ...rest] = process.argv.slice(2)
const file = join(folder, `${name}.ts`)
const names = readdirSync(folder)
  .filter(entry => /^[\w-]+\.ts$/.test(entry))
  .map(entry => entry.slice(0, -'.ts'.length))

if (name === undefined || !names.includes(name)) {
  console.log(`npm run bench -- <name> [arguments], where <name> is one of: ${names.join(', ')}`)
  process.exitCode = name === undefined ? 0 : 1
} else {
  process.argv = [process.argv[0] ?? '', file, ...rest]
  await import(pathToFileURL(file).href)
}
