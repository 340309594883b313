import { BlockList, isIP } from 'node:net'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { limits } from '../contract/limits.ts'
import type { LogLevel } from './log.ts'
import { logLevels } from './log.ts'
import { halfGiven, s3Settings } from './s3-settings.ts'
import type { Setting } from './setting.ts'
import { setting } from './setting.ts'
import { tracingSettings } from './tracing-settings.ts'

const frequency = (of: Omit<Setting<number>, 'expects' | 'read'>): Setting<number> => ({
  ...of,
  expects: 'a whole number from 1 to 100000',
  read: text => (/^[1-9]\d{0,5}$/.test(text) && Number(text) <= 100_000 ? Number(text) : undefined),
})

/** Everything that can be set. `--help`, docs/OPERATIONS.md and the reading itself follow this list. */
export const settings = {
  port: setting({
    variable: 'PORT',
    flag: 'port',
    unset: '3000',
    expects: 'a port, a whole number from 0 to 65535 (0 takes a free one)',
    does: 'The port to listen on.',
    read: readPort,
  }),
  host: setting({
    variable: 'HOST',
    flag: 'host',
    unset: '127.0.0.1',
    expects: 'an address or a host name of this machine, such as 127.0.0.1, 0.0.0.0 or ::',
    does: 'The address to listen on. The one unset is reached from this machine alone.',
    read: readHost,
  }),
  url: setting({
    variable: 'CONFAB_URL',
    flag: 'url',
    unset: '',
    expects: 'an http or https address without a path, such as https://chat.example.org',
    does: 'The one address that browsers use. Every other host and origin is refused. Unset: http://localhost:PORT, with 127.0.0.1 and [::1].',
    read: readUrl,
  }),
  data: setting({
    variable: 'CONFAB_DATA',
    flag: 'data',
    unset: './data',
    expects: 'a directory (~ is your own home directory)',
    does: 'The directory that holds everything. It is made where there is none.',
    read: readDirectory,
  }),
  databaseUrl: setting({
    variable: 'CONFAB_DATABASE_URL',
    flag: 'database-url',
    unset: '',
    expects: 'an address of PostgreSQL, such as postgres://confab:password@127.0.0.1:5432/confab',
    does: 'The PostgreSQL database that holds people, rooms and messages. Unset: SQLite in the data directory.',
    secret: true,
    read: readDatabaseUrl,
  }),
  redisUrl: setting({
    variable: 'CONFAB_REDIS_URL',
    flag: 'redis-url',
    unset: '',
    expects:
      'an address of Redis or Valkey, such as redis://:password@127.0.0.1:6379 or rediss://redis.example.org',
    does: 'The Redis or Valkey that carries messages between the nodes of one workspace. Unset: this node is alone.',
    secret: true,
    read: readRedisUrl,
  }),
  setupCode: setting({
    variable: 'CONFAB_SETUP_CODE',
    flag: 'setup-code',
    unset: '',
    expects: `at least ${limits.setupCodeMin} and at most ${limits.passwordMax} visible ASCII characters`,
    does: 'The code that the first run asks for. Unset: one that follows from the database, printed at every start until set-up is done.',
    secret: true,
    read: readSetupCode,
  }),
  log: setting({
    variable: 'CONFAB_LOG',
    flag: 'log',
    unset: 'info',
    expects: `one of ${logLevels.join(', ')}`,
    does: 'Minimum log level. It goes to standard error: short lines on a terminal, else a JSON object a line.',
    read: (text): LogLevel | undefined => logLevels.find(level => level === text),
  }),
  limits: setting({
    variable: 'CONFAB_LIMITS',
    flag: 'limits',
    unset: 'on',
    expects: 'on or off',
    does: 'How often one may do something. `off` is for benchmarks, and taken on a loopback HOST only.',
    read: (text): 'on' | 'off' | undefined => (text === 'on' || text === 'off' ? text : undefined),
  }),
  messageLimit: frequency({
    variable: 'CONFAB_LIMIT_MESSAGES',
    flag: 'limit-messages',
    unset: '10',
    does: 'Messages a second by one person; three times as many at once.',
  }),
  changeLimit: frequency({
    variable: 'CONFAB_LIMIT_CHANGES',
    flag: 'limit-changes',
    unset: '20',
    does: 'Other changes a second by one person; five times as many at once. Rooms that one person makes are bounded apart from it: 30 in ten minutes, 200 a day.',
  }),
  signInLimit: frequency({
    variable: 'CONFAB_LIMIT_SIGN_INS',
    flag: 'limit-sign-ins',
    unset: '100',
    does: 'Tries to sign in a minute from one address. Guessing at one account is bounded apart from it.',
  }),
  signUpLimit: frequency({
    variable: 'CONFAB_LIMIT_SIGN_UPS',
    flag: 'limit-sign-ups',
    unset: '20',
    does: 'New accounts a minute from one address; ten times as many an hour.',
  }),
  trustedProxies: setting({
    variable: 'CONFAB_TRUSTED_PROXIES',
    flag: 'trusted-proxies',
    unset: '',
    expects: 'addresses or networks between commas, such as 127.0.0.1,10.0.0.0/8',
    does: 'The reverse proxies whose X-Forwarded-For tells where a call came from, and whose X-Request-Id and traceparent are taken.',
    read: readNetworks,
  }),
  metricsPort: setting({
    variable: 'CONFAB_METRICS_PORT',
    flag: 'metrics-port',
    unset: '',
    expects: 'a port, a whole number from 0 to 65535 (0 takes a free one)',
    does: "The port where /metrics is had without a token. Unset: there is none, and /metrics needs an administrator's token.",
    read: text => (text === '' ? null : readPort(text)),
  }),
  metricsHost: setting({
    variable: 'CONFAB_METRICS_HOST',
    flag: 'metrics-host',
    unset: '127.0.0.1',
    expects: 'an address or a host name of this machine, such as 127.0.0.1, 0.0.0.0 or ::',
    does: 'The address to listen on for /metrics. Whoever reaches it reads them.',
    read: readHost,
  }),
  ...s3Settings,
  ...tracingSettings,
} as const

type Read<S> = S extends Setting<infer T> ? T : never
export type SettingName = keyof typeof settings
/** All settings as read. `url`, `databaseUrl`, `redisUrl`, `setupCode` and `metricsPort` are null where unset, as are those of the storage and the collector; `data` is absolute; `trustedProxies` holds the networks. */
export type Config = { readonly [Name in SettingName]: Read<(typeof settings)[Name]> }

/** Flags for `node:util` parseArgs: each setting's, as a string. */
export const settingFlags: Record<string, { type: 'string' }> = Object.fromEntries(
  Object.values(settings).map(({ flag }) => [flag, { type: 'string' }]),
)

/**
 * Reads all settings: a flag, else its variable, else what stands for it unset. `wrong` holds a sentence for each that is not right,
 * which names it and says what would be; a variable that begins with CONFAB_ and sets nothing is one of them.
 */
export function readConfig(
  flags: Readonly<Record<string, unknown>> = {},
  variables: Readonly<Record<string, string | undefined>> = process.env,
): { readonly config: Config } | { readonly wrong: readonly string[] } {
  const wrong = unknownVariables(variables)
  const read = Object.entries(settings).map(([name, one]) => {
    const flag = flags[one.flag]
    const [source, given] =
      typeof flag === 'string' ? [`--${one.flag}`, flag] : [one.variable, variables[one.variable]]
    const value = one.read(given || one.unset)
    if (value === undefined) wrong.push(`${source} is ${shown(one, given)}, but must be ${one.expects}.`)
    return [name, value]
  })
  const config = Object.fromEntries(read) as Config
  if (wrong.length === 0 && config.limits === 'off' && !isLoopback(config.host))
    wrong.push(`CONFAB_LIMITS is off, which is taken on a loopback HOST only, and HOST is ${config.host}.`)
  const half = wrong.length === 0 && halfGiven(config)
  if (half) wrong.push(half)
  return wrong.length > 0 ? { wrong } : { config }
}

/** Whether only this machine can reach a listener on this host. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** A secret is not repeated in any output, nor a password that stands in an address. */
const shown = (one: Setting<unknown>, given: string | undefined): string =>
  one.secret ? 'not of the right form' : JSON.stringify(given?.replace(/\/\/[^/]*@/, '//[secret]@'))

function unknownVariables(variables: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set<string>(Object.values(settings).map(({ variable }) => variable))
  return Object.keys(variables)
    .filter(name => name.startsWith('CONFAB_') && !known.has(name))
    .map(name => `${name} is no setting of Confab. There are: ${[...known].join(', ')}.`)
}

/** `~` is the home directory here, since no shell reads a variable's value; `~name` is refused, as it is meant for somebody else's. */
function readDirectory(text: string): string | undefined {
  return text.includes('\0') || /^~[^/]/.test(text) ? undefined : pathOf(text)
}

/** A path as somebody wrote it, absolute; `~` is the home directory also where no shell has put it there. */
export const pathOf = (text: string): string => resolve(text.replace(/^~(?=\/|$)/, homedir()))

function readPort(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined
}

function readHost(text: string): string | undefined {
  return isIP(text) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) ? text : undefined
}

function readUrl(text: string): URL | null | undefined {
  if (text === '') return null
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined
  return url.href === `${url.origin}/` ? url : undefined
}

/**
 * Also for commands that take such an address themselves: an address of PostgreSQL, `null` for an empty text, `undefined` for any other. `~` begins
 * its certificates' paths too.
 */
export function readDatabaseUrl(text: string): string | null | undefined {
  if (text === '') return null
  const protocol = text.includes('\0') ? undefined : URL.parse(text)?.protocol
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') return undefined
  return text.replace(/([?&]ssl(?:rootcert|cert|key)=)~(?=\/)/g, (_, name) => name + encodeURI(homedir()))
}

function readRedisUrl(text: string): string | null | undefined {
  if (text === '') return null
  const url = URL.parse(text)
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '') return undefined
  return /^(\/\d*)?$/.test(url.pathname) && !url.search && !url.hash ? text : undefined
}

function readSetupCode(text: string): string | null | undefined {
  if (text === '') return null
  const fits = text.length >= limits.setupCodeMin && text.length <= limits.passwordMax
  return fits && /^[!-~]+$/.test(text) ? text : undefined
}

function readNetworks(text: string): BlockList | undefined {
  const networks = new BlockList()
  for (const word of text
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)) {
    const [address = '', bits, ...more] = word.split('/')
    const version = isIP(address)
    const widest = version === 4 ? 32 : 128
    if (!version || more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined
    if (Number(bits ?? widest) > widest) return undefined
    networks.addSubnet(address, Number(bits ?? widest), version === 4 ? 'ipv4' : 'ipv6')
  }
  return networks
}
