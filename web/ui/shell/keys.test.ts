import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { keyOf } from './keys.ts'

test('a shortcut is found on every layout: by the letter where it is one of ours, else by its place', () => {
  const keys: readonly [key: string, code: string, found: string][] = [
    ['k', 'KeyK', 'k'],
    ['K', 'KeyK', 'k'],
    // Dvorak: the letter counts, wherever it stands.
    ['k', 'KeyV', 'k'],
    ['л', 'KeyK', 'k'],
    ['Л', 'KeyK', 'k'],
    ['κ', 'KeyK', 'k'],
    ['ن', 'KeyK', 'k'],
    ['ı', 'KeyI', 'i'],
    ['?', 'Digit7', '?'],
    ['؟', 'Slash', '?'],
    ['ö', 'Semicolon', 'ö'],
    ['Enter', 'Enter', 'Enter'],
    ['Delete', 'Delete', 'Delete'],
  ]
  for (const [key, code, found] of keys) assert.equal(keyOf({ key, code }), found, `${key} ${code}`)
})

test('no file of the page asks an event for a letter but through keyOf', () => {
  const ui = join(import.meta.dirname, '..')
  const files = globSync('**/*.{ts,tsx}', { cwd: ui }).filter(file => !file.endsWith('.test.ts'))
  assert.ok(files.length > 50)
  const asking = files.filter(file =>
    /\.key(\.toLowerCase\(\))? ?(===|!==) ?'.'|\.key\.toLowerCase\(\)|=> key === event\.key/.test(
      readFileSync(join(ui, file), 'utf8'),
    ),
  )
  assert.deepEqual(asking, [])
})
