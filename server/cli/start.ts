import { parseArgs } from 'node:util'
import { limits } from '../../contract/limits.ts'
import type { App } from '../app.ts'
import { buildApp } from '../app.ts'
import type { Config } from '../config.ts'
import { isLoopback, readConfig, settingFlags } from '../config.ts'
import { CannotListen, CannotOpen } from '../core/ports/failures.ts'
import type { Log } from '../core/ports/log.ts'
import { createLog } from '../log.ts'

/** What a drain leaves to be closed has so long, ms: with the drain less than the ten seconds that containers get by default. */
const closingMs = 4_000

/** Serves until a signal comes. People read standard output: the address to open. Standard error is the log. */
export async function start(args: readonly string[]): Promise<number> {
  const read = readStart(args)
  if ('wrong' in read) {
    for (const sentence of read.wrong) console.error(sentence)
    return 2
  }
  const { config } = read
  const log = createLog({
    level: config.log,
    form: process.stderr.isTTY ? 'lines' : 'json',
    write: line => void process.stderr.write(line),
  })
  goOnUnread()
  endOnFaults(log)
  const signal = nextSignal()
  let app: App
  try {
    app = await buildApp(config, { log })
  } catch (error) {
    console.error(whyNot(error))
    return 1
  }
  endWhenLost(app, log)
  greet(app, config, log)
  log.info({ signal: await signal }, 'Shutting down.')
  endLate(log)
  await app[Symbol.asyncDispose]()
  log.info({}, 'Stopped.')
  return 0
}

function readStart(args: readonly string[]): ReturnType<typeof readConfig> {
  try {
    return readConfig(parseArgs({ args: [...args], options: settingFlags }).values)
  } catch (error) {
    const { message } = error as Error
    return { wrong: [`${message.split('. ')[0]}. \`npm run confab -- --help\` lists the settings.`] }
  }
}

/** Prints the address, until there is an owner with the set-up code, which stands in the fragment: no browser sends that anywhere. */
function greet(app: App, config: Config, log: Log): void {
  const code = app.core.setUpPending() ? app.setupCode : null
  console.log(
    code ? `Confab is new. Open ${app.url}/#code=${encodeURIComponent(code)}` : `Confab: ${app.url}`,
  )
  const { channels } = app.bus
  const at = { url: app.url, host: config.host, port: app.port, data: config.data }
  log.info({ ...at, ...(channels !== null && { channels }) }, 'Serving.')
  if (config.limits === 'off') log.warn({}, 'CONFAB_LIMITS is off: rate limiting is off.')
  if (isLoopback(config.host)) return
  if (!config.url)
    log.warn(
      {},
      `HOST is ${config.host}, but CONFAB_URL is unset: browsers elsewhere are refused. Set it to the address that they use.`,
    )
  else if (config.url.protocol === 'http:')
    log.warn({}, 'CONFAB_URL is http: passwords and messages cross the network readable. Put https in front.')
}

/** Why the server does not start, as one sentence. What is none of these is a bug, and thrown. */
function whyNot(error: unknown): string {
  if (error instanceof CannotOpen) return error.message
  if (error instanceof CannotListen) {
    const { port, host } = error
    const [portName, hostName] =
      error.for === 'metrics' ? ['CONFAB_METRICS_PORT', 'CONFAB_METRICS_HOST'] : ['PORT', 'HOST']
    if (error.code === 'EADDRINUSE')
      return `Port ${port} of ${host} is in use. Set ${portName} to another one, or stop what uses it.`
    if (error.code === 'EACCES')
      return `Port ${port} may not be listened on by this user. Set ${portName} to one above 1023.`
    return `${hostName} ${host} is no address of this machine (${error.code}).`
  }
  throw error
}

/** The first signal that asks the process to end. A second one ends it at once. */
function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    let asked = false
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (asked) process.exit(1)
        asked = true
        resolve(signal)
      })
  })
}

/** Ends the process where something that does not answer, such as a database, keeps it from ending well. It is as if it was killed: nothing acknowledged is lost. */
function endLate(log: Log): void {
  setTimeout(() => {
    log.error({}, 'Ended with something still under way: what it waited for did not answer.')
    process.exit(1)
  }, limits.drainMs + closingMs).unref()
}

/** Whoever read our output may be gone; that is no reason to stop serving. */
function goOnUnread(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}

/** After a bug nobody knows what state the process is in: it ends, and whoever watches it starts it anew. Nothing acknowledged is lost. */
function endOnFaults(log: Log): void {
  process.on('uncaughtException', error => {
    log.error({ error }, 'Unhandled error: shutting down.')
    process.exit(1)
  })
}

/** What this process knows of the workspace is not so any more: it ends, and whoever watches it starts it anew. */
function endWhenLost({ lost }: App, log: Log): void {
  void lost.then(error => {
    log.error({ error }, `${error.message} It ends.`)
    process.exit(1)
  })
}
