import { settings } from '../config.ts'
import { versionOf } from '../version.ts'
import { commands } from './commands.ts'

/** Prints all commands and all settings. */
export async function help(): Promise<number> {
  const told = Object.values(commands).filter(command => command !== undefined)
  const width = Math.max(...told.map(({ usage }) => usage.length))
  console.log('Confab: self-hosted group chat.\n\nCommands, each after `npm run confab --`:\n')
  for (const { usage, does } of told) console.log(`  ${usage.padEnd(width)}  ${does}`)
  console.log('\nSettings of `start`, each an environment variable or a flag, which goes before it:\n')
  for (const { variable, flag, unset, expects, does } of Object.values(settings)) {
    console.log(`  ${variable}, --${flag}${unset ? ` (${unset})` : ''}`)
    console.log(`      ${does}\n      It is ${expects}.`)
  }
  return 0
}

export async function version(): Promise<number> {
  console.log(versionOf())
  return 0
}
