/** A piece of code, and what it is: "keyword", "string", ... */
export interface CodeToken {
  text: string
  kind: string | null
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
}

/** Reads what highlight.js answers, which is text with these entities between `<span class="hljs-...">` and `</span>`, and never becomes HTML here. */
export function tokensOf(answer: string): readonly CodeToken[] {
  const tokens: CodeToken[] = []
  const open: (string | null)[] = []
  for (const { 0: piece } of answer.matchAll(/<[^>]*>|[^<]+/g)) {
    if (piece === '</span>') open.pop()
    else if (piece.startsWith('<')) open.push(/hljs-(\w+)/.exec(piece)?.[1] ?? open.at(-1) ?? null)
    else {
      const text = piece.replaceAll(/&(?:amp|lt|gt|quot|#x27);/g, entity => entities[entity] ?? entity)
      tokens.push({ text, kind: open.at(-1) ?? null })
    }
  }
  return tokens
}
