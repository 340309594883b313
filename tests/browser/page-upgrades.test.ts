import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { TestServer } from '../support/app.ts'
import { composer, Desk, hasWorker } from '../support/desk.ts'

const built = join(import.meta.dirname, '../../dist/web')

let desk: Desk
before(async () => {
  desk = await Desk.open()
})
after(() => desk[Symbol.asyncDispose]())

/** A copy of the page that can be built anew, as far as a browser can tell: all its parts get other names, and its worker another version. */
async function rebuildable() {
  const folder = await mkdtemp(join(tmpdir(), 'confab-builds-'))
  await cp(built, folder, { recursive: true })
  const rebuild = async (build: string) => {
    const names = (await readdir(join(folder, 'assets'))).filter(name => /\.(js|css)$/.test(name))
    const named = new RegExp(names.map(name => name.replaceAll('.', '\\.')).join('|'), 'g')
    for (const file of ['index.html', 'sw.js', ...names.map(name => `assets/${name}`)]) {
      const text = await readFile(join(folder, file), 'utf8')
      const renamed = text.replace(named, name => name.replace(/\.(?=\w+$)/, `-${build}.`))
      await writeFile(join(folder, file), renamed.replace(/"version":"\w+"/, `"version":"${build}"`))
    }
    for (const name of names)
      await rename(
        join(folder, 'assets', name),
        join(folder, 'assets', name.replace(/\.(?=\w+$)/, `-${build}.`)),
      )
  }
  const drop = (file: string) => rm(join(folder, file))
  const restore = (file: string) => cp(join(built, file), join(folder, file))
  return {
    folder,
    rebuild,
    drop,
    restore,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Until the browser keeps all of this build, whose page comes last. */
async function isKeptOf(page: Page, build: string): Promise<void> {
  const isThere = async (cacheName: string) => !!(await caches.match('/', { cacheName }))
  while (!(await page.evaluate(isThere, `confab-page-${build}`))) await page.waitForTimeout(100)
}

const lost =
  /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|Failed to (fetch|load)|WebSocket|fetching the script/

test('after upgrades a page that stayed open finds its parts, and one that is only reloaded is the newest without a server', async () => {
  await using builds = await rebuildable()
  await using upgraded = await TestServer.bare({}, { pages: builds.folder })
  const bob = await upgraded.setUp('bob')
  await using his = await desk.browser(upgraded.url, { cookie: bob.cookie, serviceWorkers: 'allow' })
  const open = await his.newPage()
  // It fetches nothing ahead.
  await open.addInitScript(() =>
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } }),
  )
  await open.goto('/rooms/general')
  await composer(open).waitFor()
  const page = await his.newPage()
  await page.goto('/rooms/general')
  await hasWorker(page)
  for (const build of ['second', 'third']) {
    await builds.rebuild(build)
    await upgraded.restart()
    await page.reload()
    await composer(page).waitFor()
    await isKeptOf(page, build)
  }
  await open.bringToFront()
  await open.keyboard.press('Control+k')
  await open.getByPlaceholder('Rooms, people, commands').fill('preferences')
  await open.keyboard.press('Enter')
  await open.getByText('Theme').first().waitFor()
  await his.setOffline(true)
  await page.reload()
  await composer(page).waitFor()
  const scripts = await page.evaluate(() => [...document.scripts].map(({ src }) => src))
  assert.deepEqual(
    scripts.filter(src => !src.includes('-second-third.')),
    [],
  )
  desk.assertQuiet(lost)
})

test('a build of which a file did not come leaves nothing, and is kept once the server that has it is there', async () => {
  await using builds = await rebuildable()
  await using upgraded = await TestServer.bare({}, { pages: builds.folder })
  const bob = await upgraded.setUp('bob')
  await using his = await desk.browser(upgraded.url, { cookie: bob.cookie, serviceWorkers: 'allow' })
  const page = await his.newPage()
  await page.goto('/rooms/general')
  await hasWorker(page)
  const kept = () => page.evaluate(() => caches.keys())
  const before = await kept()
  await builds.rebuild('second')
  await builds.drop('icon-192.png')
  await upgraded.restart()
  const end = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    const ended = new Promise<string>(resolve => {
      registration.addEventListener('updatefound', () => {
        const { installing } = registration
        installing?.addEventListener('statechange', () => resolve(installing.state), { once: true })
      })
    })
    await registration.update()
    return ended
  })
  assert.deepEqual([end, await kept()], ['redundant', before])
  await builds.restore('icon-192.png')
  // The page that stayed open is welcomed again, and asks for the worker that it missed.
  await upgraded.restart()
  await isKeptOf(page, 'second')
  desk.assertQuiet(lost)
})
