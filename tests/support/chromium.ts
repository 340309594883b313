import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { chromium } from 'playwright-core'

/** The same engine without windows around it, which takes a third less of the machine. */
const HEADLESS = ['chromium-headless-shell', 'chrome-headless-shell']

const NAMES = [
  ...HEADLESS,
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
]

const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

// A browser under test speaks to the server under test and to nobody else: no component updates, no sync, no field trials.
const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Names of RFC 6761 that are nobody's: this machine, by an address that no browser takes for a secure one.
  '--host-resolver-rules=MAP *.test 127.0.0.1',
]

/** The path of an installed Chromium or Chrome: the one that `CHROMIUM` names, else the first found; nothing if none is. */
export const findChromium = (): string | undefined => found(NAMES, ELSEWHERE)

/** The same, of those without windows alone. */
export const findHeadlessShell = (): string | undefined => found(HEADLESS)

function found(names: readonly string[], elsewhere: readonly string[] = []): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const given = process.env.CHROMIUM
  const places = names.flatMap(name => folders.map(folder => join(folder, name)))
  return [...(given ? [given] : []), ...places, ...elsewhere].find(isProgram)
}

/** Starts the installed Chromium, headless and with an empty profile; the caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium is installed; `npm test` installs one where it can.')
  return chromium.launch({ executablePath, args: ARGUMENTS, chromiumSandbox: process.getuid?.() !== 0 })
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
