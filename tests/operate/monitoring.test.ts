import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { TestServer } from '../support/app.ts'
import { Scrape } from '../support/metrics.ts'

const root = join(import.meta.dirname, '..', '..')
const file = (name: string) => readFileSync(join(root, name), 'utf8')
const monitoring = 'deploy/monitoring'
const hasPromtool = spawnSync('promtool', ['--version']).status === 0
const noPromtool = !hasPromtool && 'there is no promtool here (Debian: prometheus)'

/** The families that a text names, whatever sample of theirs it names. */
const namedIn = (text: string): Set<string> =>
  new Set(
    Array.from(text.matchAll(/\b(?:confab|process|nodejs)_\w+/g), ([name]) =>
      name.replace(/_(bucket|sum|count)$/, ''),
    ),
  )

async function exported(): Promise<Scrape> {
  await using it = await TestServer.owned({ 'metrics-port': '0' })
  return await Scrape.of(it.server.app)
}

test('the alerts and the dashboard name metrics that there are', async () => {
  const { names } = await exported()
  for (const name of ['alerts.yml', 'dashboard.json']) {
    const named = namedIn(file(`${monitoring}/${name}`))
    assert.ok(named.size > 5)
    assert.deepEqual(
      [...named].filter(each => !names.includes(each)),
      [],
      name,
    )
  }
})

test('docs/OPERATIONS.md lists each metric, with what it tells, and no other', async () => {
  const { names, text } = await exported()
  const operations = file('docs/OPERATIONS.md')
  for (const name of names) {
    const help = new RegExp(`^# HELP ${name} (.*)$`, 'm').exec(text)?.[1] ?? ''
    assert.ok(operations.includes(`| \`${name}\` | ${help} |`), `${name} | ${help}`)
  }
  assert.deepEqual(
    [...namedIn(operations)].filter(name => !names.includes(name)),
    [],
  )
})

test('promtool finds nothing wrong with what is told, nor with the alerts', {
  skip: noPromtool,
}, async () => {
  const { text } = await exported()
  const metrics = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
  assert.equal(metrics.status, 0, metrics.stdout + metrics.stderr)
  execFileSync('promtool', ['check', 'config', join(root, monitoring, 'prometheus.yml')])
})
