import { parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import { readConfig, settingFlags } from '../config.ts'
import type { NamedFinding } from './doctor/checks.ts'
import { aboutProgram, checks } from './doctor/checks.ts'
import { fail, ok } from './doctor/finding.ts'

/** Looks at everything that a server with these settings needs, while one runs or not, and changes nothing. 1 where something failed. */
export async function doctor(args: readonly string[]): Promise<number> {
  const asked = readAsked(args)
  if ('wrong' in asked) {
    console.error(asked.wrong)
    return 2
  }
  const { json, flags } = asked
  const read = readConfig(flags)
  const hide = 'config' in read ? hiding(read.config) : (text: string) => text
  let failed = false
  const tell = (told: NamedFinding) => {
    failed ||= told.is === 'fail'
    const hidden = { ...told, says: hide(told.says), ...('fix' in told && { fix: hide(told.fix) }) }
    console.log(json ? JSON.stringify(hidden) : asLines(hidden))
  }
  for (const told of aboutProgram()) tell(told)
  if ('wrong' in read) for (const sentence of read.wrong) tell({ of: 'settings', ...fail(sentence, remedy) })
  else {
    tell({ of: 'settings', ...ok('All settings can be read.') })
    for await (const told of checks(read.config)) tell(told)
  }
  return failed ? 1 : 0
}

const remedy = 'Correct it, and call this again: the rest is looked at when all settings can be read.'

function readAsked(
  args: readonly string[],
): { json: boolean; flags: Record<string, unknown> } | { wrong: string } {
  try {
    const options = { ...settingFlags, json: { type: 'boolean' } } as const
    const { json = false, ...flags } = parseArgs({ args: [...args], options }).values
    return { json: json === true, flags }
  } catch (error) {
    const [reason] = (error as Error).message.split('. ')
    return { wrong: `${reason}. It takes --json, and the settings of \`start\`.` }
  }
}

/** A sentence a line; what to do stands below what is not well. */
function asLines(told: NamedFinding): string {
  const word = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' }[told.is]
  const line = `${word}  ${told.of.padEnd(10)}  ${told.says}`
  return 'fix' in told ? `${line}\n${' '.repeat(18)}${told.fix}` : line
}

/** Whatever others put into their reasons, no secret of the settings stands in what is printed. */
function hiding({ databaseUrl, redisUrl, setupCode, s3SecretAccessKey, s3AccessKeyId }: Config) {
  const inAddresses = [databaseUrl, redisUrl].flatMap(url => {
    const password = (url && URL.parse(url)?.password) || ''
    return [password, unescaped(password)]
  })
  const secrets = [...inAddresses, setupCode, s3SecretAccessKey, s3AccessKeyId].filter(
    secret => !!secret,
  ) as string[]
  return (text: string) => secrets.reduce((all, secret) => all.replaceAll(secret, '[secret]'), text)
}

/** What stands for a password in an address is read by each driver in its own way; this is that of all. */
function unescaped(password: string): string {
  try {
    return decodeURIComponent(password)
  } catch {
    return password
  }
}
