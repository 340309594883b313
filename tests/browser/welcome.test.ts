import { after, before, test } from 'node:test'
import { setupCode, TestServer } from '../support/app.ts'
import { assertAccessible, assertFits, Desk, looks } from '../support/desk.ts'

let desk: Desk
let server: TestServer

before(async () => {
  desk = await Desk.open()
  server = await TestServer.bare()
  await server.setUp('alice')
})
after(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

for (const { colorScheme, viewport } of looks)
  test(`the screens of who is signed out are accessible, fit and are quiet: ${colorScheme}, ${viewport.width} px`, async () => {
    await using bare = await TestServer.bare()
    for (const [url, shows] of [
      [`${bare.url}/#code=${setupCode}`, 'Set up Confab'],
      [`${server.url}/`, 'Create an account'],
      [`${server.url}/#sign-in`, 'Password'],
      [`${server.url}/#sign-up`, 'Password'],
    ] as const) {
      await using browser = await desk.browser(url, { colorScheme, viewport })
      const page = await browser.newPage()
      await page.goto(url)
      await page.getByText(shows).first().waitFor()
      await assertAccessible(page, url)
      await assertFits(page, url)
    }
    desk.assertQuiet()
  })
