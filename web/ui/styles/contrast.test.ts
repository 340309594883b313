import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hues } from '../parts/avatar.ts'

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
  ['skeleton', ['surface', 'surface-sunken', 'surface-raised'], 1.2],
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

const colours = [...avatars.matchAll(/data-hue="\d"\] \{\s*background: (oklch\([^)]*\))/g)].map(
  found => found[1] ?? '',
)

test('the letters of people without a picture stand out from their colours', () => {
  assert.equal(colours.length, hues)
  for (const colour of colours) assert.ok(contrast('oklch(100% 0 0)', colour) >= 4.5, colour)
})

test('no two colours of people without a picture look like one', () => {
  for (const [n, one] of colours.entries())
    for (const other of colours.slice(n + 1)) {
      const apart = Math.hypot(...seen(one).map((value, at) => value - (seen(other)[at] ?? 0)))
      assert.ok(apart >= 0.11, `${one} and ${other} are ${apart.toFixed(3)} apart`)
    }
})

/** A colour as the screen shows it, in OKLab: two that are 0.02 apart can just be told from each other. */
function seen(colour: string): [number, number, number] {
  const [red, green, blue] = linear(colour)
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}
