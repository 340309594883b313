import assert from 'node:assert/strict'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import type { Person } from './app.ts'
import { TestServer } from './app.ts'
import { launchChromium } from './chromium.ts'
import { pollFrequently } from './polling.ts'

const wide = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

/** Every look that a screen is held to. */
export const looks = [
  { colorScheme: 'light', viewport: wide },
  { colorScheme: 'dark', viewport: wide },
  { colorScheme: 'light', viewport: phone },
  { colorScheme: 'dark', viewport: phone },
] as const

/** What Playwright itself says of `serviceWorkers: 'block'`: it is no complaint of the page. */
const blockedWorker = 'Service Worker registration blocked by Playwright'

/** One Chromium, in which people have a browser each. Whatever a page complains of is kept, and fails the test that asks for it. */
export class Desk implements AsyncDisposable {
  readonly #browser: Browser
  readonly #complaints: string[] = []

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async open(): Promise<Desk> {
    return new Desk(await launchChromium())
  }

  /** A browser of one's own; `cookie` as `name=value`, for somebody who is signed in already. */
  async browser(
    url: string,
    options: BrowserContextOptions & { cookie?: string } = {},
  ): Promise<BrowserContext> {
    const { cookie, ...more } = options
    const context = await this.#browser.newContext({
      baseURL: url,
      viewport: wide,
      locale: 'en-GB',
      reducedMotion: 'reduce',
      // A test that is about the service worker lets it in; in all others each file comes from the server.
      serviceWorkers: 'block',
      ...more,
    })
    context.setDefaultTimeout(30_000)
    if (cookie) {
      const [name = '', value = ''] = cookie.split('=')
      await context.addCookies([{ name, value, url, httpOnly: true, sameSite: 'Lax' }])
    }
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', event =>
        console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
      )
    })
    context.on('page', page => {
      pollFrequently(page)
      this.#listen(page)
    })
    return context
  }

  /** A page of one's own browser, at this address; it is closed with it. */
  async at(url: string, path: string, cookie: string): Promise<{ page: Page } & AsyncDisposable> {
    const browser = await this.browser(url, { cookie })
    const page = await browser.newPage()
    await page.goto(path)
    return { page, [Symbol.asyncDispose]: () => browser.close() }
  }

  /** No page has written an error or a warning, thrown, or violated its policy; but for what the test expects. */
  assertQuiet(expected: RegExp = /^$/): void {
    const complaints = this.#complaints.splice(0).filter(complaint => !expected.test(complaint))
    assert.deepEqual(complaints, [])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
  }

  #listen(page: Page): void {
    page.on('pageerror', error => this.#complaints.push(`thrown: ${error.message}`))
    page.on('console', message => {
      if (message.text() === blockedWorker) return
      if (message.type() !== 'error' && message.type() !== 'warning') return
      const { url } = message.location()
      this.#complaints.push(`${message.text()} ${URL.parse(url)?.pathname ?? url}`)
    })
  }
}

/** axe finds nothing on what the page shows. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  // In one go: no page of ours has frames, whose parts would be put together in a page made for that.
  // And of what passes no details, which take as long as finding it.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
  const { violations } = await axe.analyze()
  const told = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`,
  )
  assert.deepEqual(told, [], what)
}

/** Nothing on the page is wider than the screen. */
export async function assertFits(page: Page, what: string): Promise<void> {
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  assert.ok(wider <= 0, `${what} is ${wider} px too wide`)
}

export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message / })

/** Presses a button of the dialog that is on top. */
export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('dialog').last().getByRole('button', { name, exact: true }).click()

/** Says it in the room that is open. */
export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}

/** The message with this text, once it is there. */
export const message = (page: Page, text: string): Locator =>
  page.getByRole('feed').getByRole('article').filter({ hasText: text })

/** The message with this text, once the server has taken it. */
export const taken = (page: Page, text: string): Locator =>
  message(page, text).and(page.locator('[data-state=message]'))

/** Waits until the page has stored this text with what it keeps of its rooms. */
export async function isKept(page: Page, text: string): Promise<void> {
  while (!(await page.evaluate(keptWindows)).includes(text)) await page.waitForTimeout(100)
}

async function keptWindows(): Promise<string> {
  const asked = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(new Error(String(request.error)))
    })
  const database = await asked(indexedDB.open('confab'))
  const windows = await asked(database.transaction('windows').objectStore('windows').getAll())
  database.close()
  return JSON.stringify(windows)
}

/** Until the service worker has the page in its hands, with all that it keeps. */
export const hasWorker = (page: Page) =>
  page.evaluate(async () => {
    const { serviceWorker } = navigator
    await serviceWorker.ready
    if (!serviceWorker.controller)
      await new Promise(resolve =>
        serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      )
  })

/** A Chromium and a server that alice has set up. Whoever asks for them disposes of both. */
export async function aliceAtDesk(): Promise<{ desk: Desk; server: TestServer; alice: Person }> {
  const desk = await Desk.open()
  const server = await TestServer.bare()
  return { desk, server, alice: await server.setUp('alice') }
}
