import type { Block, Inline } from './tree.ts'

/** Letters that are read from the right: of Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours. */
const fromRight =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}]/u

/**
 * On which side a quote or list has its line or its marks: where its first letter begins. `dir="auto"` does not see into the paragraphs of
 * it, each of which has a direction of its own (HTML, "the directionality").
 */
export function directionOf(block: Block): 'ltr' | 'rtl' {
  const letter = firstLetter([block])
  return letter !== null && fromRight.test(letter) ? 'rtl' : 'ltr'
}

function firstLetter(parts: readonly (Block | Inline)[]): string | null {
  for (const part of parts) {
    const letter =
      'children' in part
        ? firstLetter(part.children)
        : 'items' in part
          ? firstLetter(part.items.flat())
          : 'rows' in part
            ? firstLetter(part.rows.flat(2))
            : part.is === 'text'
              ? (/\p{L}/u.exec(part.text)?.[0] ?? null)
              : null
    if (letter !== null) return letter
  }
  return null
}
