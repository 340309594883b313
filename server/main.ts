import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { commands } from './cli/commands.ts'

// What was compiled is kept beside what is installed, so that the next start takes half as long. Where that cannot be written, it is not kept.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'confab'))

// The exit code: 0 done, 1 could not, 2 called or set wrongly. A command's code is loaded when it is called, and no other's.
const args = process.argv.slice(2)
const named = args[0]?.startsWith('-') === false ? args[0] : undefined
const name = asksForHelp(args)
  ? 'help'
  : args[0] === '--version' || args[0] === '-v'
    ? 'version'
    : (named ?? 'start')
const command = commands[name]

if (command) {
  // A command may wait for a timer and nothing else, and timers keep no process alive (see Clock): this does until it is done.
  const alive = setInterval(() => {}, 2 ** 30)
  process.exitCode = await command.run(named === undefined ? args : args.slice(1))
  clearInterval(alive)
} else {
  console.error(`There is no command "${name}". \`npm run confab -- --help\` lists them.`)
  process.exitCode = 2
}

function asksForHelp(words: readonly string[]): boolean {
  return words.includes('--help') || words.includes('-h')
}
