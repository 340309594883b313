// The hook commit-msg: refuses a message that does not follow CONTRIBUTING.md. Its argument is the file with the message.
import { readFileSync } from 'node:fs'
import { messageProblem } from './commit-message.ts'

const [file] = process.argv.slice(2)
const problem =
  file === undefined ? 'Name the file with the message.' : messageProblem(readFileSync(file, 'utf8'))
if (problem !== null) {
  console.error(problem)
  process.exitCode = 1
}
