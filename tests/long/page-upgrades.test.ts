import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { TestServer } from '../support/app.ts'
import { composer, Desk, hasWorker } from '../support/desk.ts'

let desk: Desk
before(async () => {
  desk = await Desk.open()
})
after(() => desk[Symbol.asyncDispose]())

/** A copy of the page that can be built anew, as far as a browser can tell: all its parts get other names, and its worker another version. */
async function rebuildable() {
  const folder = await mkdtemp(join(tmpdir(), 'confab-builds-'))
  await cp(join(import.meta.dirname, '../../dist/web'), folder, { recursive: true })
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
  return { folder, rebuild, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** Until the service worker of this build has the page in its hands. */
async function hasWorkerOf(page: Page, build: string): Promise<void> {
  const isThere = async (name: string) => {
    const { waiting, installing, active } = await navigator.serviceWorker.ready
    return (await caches.has(name)) && !waiting && !installing && active?.state === 'activated'
  }
  // A worker whose files did not all come is given up by the browser, and looked for when the page is next loaded.
  for (let looks = 1; !(await page.evaluate(isThere, `confab-page-${build}`)); looks++) {
    await page.waitForTimeout(100)
    if (looks % 150 === 0) await page.reload()
  }
}

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
    await hasWorkerOf(page, build)
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
  desk.assertQuiet(
    /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|Failed to (fetch|load)|WebSocket|fetching the script/,
  )
})
