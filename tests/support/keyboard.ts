import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

/** What has the focus, and whether it is in the list of messages or in a toolbar. */
export const focused = (
  page: Page,
): Promise<{ name: string; tag: string; inFeed: boolean; inBar: boolean }> =>
  page.evaluate(() => {
    const at = document.activeElement
    const labels =
      at instanceof HTMLInputElement ? [...(at.labels ?? [])].map(label => label.textContent) : []
    return {
      name:
        at === document.body
          ? ''
          : (at?.getAttribute('aria-label') ?? (labels.join(' ') || (at?.textContent ?? ''))),
      tag: at?.tagName ?? '',
      inFeed: at?.closest('[role=feed]') !== null && at !== document.body,
      inBar: at?.closest('[role=toolbar]') !== null && at !== document.body,
    }
  })

/** Presses Tab until what has the focus is called so. */
export async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let n = 0; n < 60; n++) {
    const now = await focused(page)
    if (name.test(now.name)) return
    passed.push(now.name)
    await page.keyboard.press(key)
  }
  assert.fail(`nothing called ${name} is reached by ${key}; passed: ${passed.join(', ')}`)
}

/** Waits until the focus is on something of this kind. */
export async function isIn(page: Page, selector: string): Promise<void> {
  await page.waitForFunction(one => document.activeElement?.matches(one) ?? false, selector)
}

/** Goes to the item of the menu that has this name. */
export async function menuTo(page: Page, name: string): Promise<void> {
  for (let n = 0; n < 10 && !(await focused(page)).name.includes(name); n++)
    await page.keyboard.press('ArrowDown')
  assert.ok((await focused(page)).name.includes(name))
}
