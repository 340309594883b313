import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const sheet = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8')
const tokens = sheet('tokens.css')
const avatars = sheet('../parts/Avatar.css')

/** Linear sRGB of an oklch() colour (CSS Color 4, section 9.3), cut at the gamut's edge as a screen does. */
function linear(colour: string): [number, number, number] {
  const parts = /oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)/.exec(colour)
  assert.ok(parts, `${colour} is not an opaque oklch() colour`)
  const [lightness, chroma, hue] = [
    Number(parts[1]) / 100,
    Number(parts[2]),
    (Number(parts[3]) * Math.PI) / 180,
  ]
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const cut = (n: number) => Math.min(1, Math.max(0, n))
  return [
    cut(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    cut(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    cut(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [a, b] = [one, other].map(colour => {
    const [red, green, blue] = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }) as [number, number]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** What a token is in a theme. The first definition counts: those for more contrast come later, and only raise it. */
function token(name: string, theme: 'light' | 'dark'): string {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(tokens)?.[1]
  assert.ok(value, `there is no --${name}`)
  const named = /^var\(--([\w-]+)\)$/.exec(value)?.[1]
  if (named !== undefined) return token(named, theme)
  const both = /^light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\)$/.exec(value)
  return both ? ((theme === 'light' ? both[1] : both[2]) ?? '') : value
}

const grounds = [
  'surface',
  'surface-sunken',
  'surface-row',
  'surface-hover',
  'surface-raised',
  'surface-inset',
]
const pairs: readonly (readonly [text: string, grounds: readonly string[], least: number])[] = [
  ['text', [...grounds, 'surface-selected', 'mention', 'accent-wash'], 7],
  ['text-muted', [...grounds, 'surface-selected', 'mention'], 4.5],
  ['text-faint', grounds, 4.5],
  ['accent-text', [...grounds, 'surface-selected', 'accent-wash', 'mention'], 4.5],
  ['danger-text', [...grounds, 'danger-wash'], 4.5],
  ['warning-text', ['warning-wash', 'surface'], 4.5],
  ['success-text', ['success-wash', 'surface', 'surface-raised'], 4.5],
  ['on-accent', ['accent', 'accent-hover'], 4.5],
  ['on-danger', ['danger', 'danger-hover'], 4.5],
  ['focus', ['surface', 'surface-sunken', 'surface-raised'], 3],
]

for (const theme of ['light', 'dark'] as const) {
  test(`what alice reads in the ${theme} theme stands out from its ground`, () => {
    for (const [text, under, least] of pairs) {
      for (const ground of under) {
        const ratio = contrast(token(text, theme), token(ground, theme))
        assert.ok(ratio >= least, `--${text} on --${ground} has ${ratio.toFixed(2)}:1, and needs ${least}:1`)
      }
    }
  })
}

test('the letters of people without a picture stand out from their colours', () => {
  const colours = [...avatars.matchAll(/data-hue="\d"\] \{\s*background: (oklch\([^)]*\))/g)].map(
    found => found[1] ?? '',
  )
  assert.equal(colours.length, 8)
  for (const colour of colours) assert.ok(contrast('oklch(100% 0 0)', colour) >= 4.5, colour)
})
