#!/usr/bin/env node
// The launcher: plain JavaScript for any Node >= 20. Confab itself needs Node 24.7 (crypto.argon2, TypeScript run
// directly); where the Node that was called is older, the one that npm installed beside it is started instead.
//
//   node confab.mjs start | seed | import | user | --help ...   the program, server/main.ts
//   node confab.mjs run <script.ts> [arguments]                 any other TypeScript file of this repository

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { constants } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = fileURLToPath(import.meta.url)
const root = dirname(here)
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGBREAK']

endWithParent()
const [major, minor] = process.versions.node.split('.').map(Number)
if (major > 24 || (major === 24 && minor >= 7)) await goOn(process.argv.slice(2))
else startNewer(process.argv.slice(2))

/** Runs the program in this process. */
async function goOn(args) {
  if (!existsSync(join(root, 'node_modules'))) fail('Nothing is installed yet. Run `npm ci` first.')
  // What was compiled once is there at the next start, where this folder may be written. (An older Node has no such export to name.)
  module.enableCompileCache(join(root, 'node_modules', '.cache', 'confab'))
  let file = join(root, 'server', 'main.ts')
  let rest = args
  if (args[0] === 'run') {
    if (!args[1]) fail('`run` needs the TypeScript file to run: node confab.mjs run <script.ts> [arguments]')
    file = resolve(args[1])
    rest = args.slice(2)
  }
  if (serves(args)) {
    const { bringPageUpToDate } = await import('./scripts/page.ts')
    const refusal = bringPageUpToDate(root)
    if (refusal) fail(refusal)
  }
  process.argv = [process.argv[0], file, ...rest]
  await import(pathToFileURL(file).href)
}

/** Whether the program will serve the page: `start`, which no command at all means too. */
function serves(args) {
  if (args.some(arg => ['--help', '-h', '--version', '-v'].includes(arg))) return false
  return args[0] === undefined || args[0] === 'start' || args[0].startsWith('-')
}

/**
 * Ends when the parent is gone, without which nobody could end this process by ending what started it. A launcher leaves a
 * channel open, which closes even when it dies of kill -9. npm puts a shell between itself and us, and ends that shell but
 * not us; the number of the parent tells then.
 */
function endWithParent() {
  if (process.channel) {
    process.once('disconnect', endPolitely)
    process.channel.unref()
  } else if (process.env.npm_lifecycle_event && process.platform !== 'win32') {
    const parent = process.ppid
    const watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(watch)
      endPolitely()
    }, 500)
    watch.unref()
  }
}

/** As SIGTERM does, so that what is being written is finished; after 10 s at once. */
function endPolitely() {
  setTimeout(() => process.exit(1), 10_000).unref()
  process.kill(process.pid, 'SIGTERM')
}

/**
 * Starts the newer Node with the same arguments, and ends as it ends. It gets a process group of its own: Ctrl-C and the like
 * go to a whole group, and would reach it twice otherwise, which asks a server to end without finishing what it does.
 */
function startNewer(args) {
  const node = newerNode()
  const pathName = Object.keys(process.env).find(name => name.toUpperCase() === 'PATH') ?? 'PATH'
  const path = [dirname(node), process.env[pathName]].filter(Boolean).join(delimiter)
  const child = spawn(node, [here, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [pathName]: path },
    detached: process.platform !== 'win32',
  })
  for (const signal of forwarded)
    if (signal in constants.signals) process.on(signal, () => child.kill(signal))
  child.on('error', error => fail(`${needed()} The one at ${node} cannot be started here: ${error.message}`))
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code)
    for (const name of forwarded) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

/** Where the Node that npm installed for this machine is. */
function newerNode() {
  const os = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${os}-${process.arch}`
  try {
    const folder = dirname(createRequire(here).resolve(`${name}/package.json`))
    return join(folder, 'bin', os === 'win' ? 'node.exe' : 'node')
  } catch {
    if (existsSync(join(root, 'node_modules')))
      fail(`${needed()} The package ${name} was not installed either.`)
    return fail('Nothing is installed yet. Run `npm ci` first.')
  }
}

function needed() {
  return `Confab needs Node 24.7 or newer, and this is ${process.versions.node}. Install Node 24 and start again.`
}

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
