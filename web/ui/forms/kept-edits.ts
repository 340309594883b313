/** What somebody typed into a form, by the names of its fields. */
export type Edits = Readonly<Partial<Record<string, string>>>

/** What was typed and neither saved nor discarded, by what it is about: it stands there again when its form is opened again. */
const kept = new Map<string, Edits>()
/** What the forms are about that are open. */
const open = new Set<string>()

// The page does not go without a question over what stands in a form; the browser asks it in its own words. What is kept of a form that is
// closed holds nothing up: nobody would know what the question is about.
addEventListener('beforeunload', event => {
  if (isEditing()) event.preventDefault()
})

export const keptEditsOf = (about: string): Edits | undefined => kept.get(about)

/** Nothing to keep forgets it. */
export function keepEdits(about: string, edits: Edits): void {
  if (Object.keys(edits).length === 0) kept.delete(about)
  else kept.set(about, edits)
}

/** A form about that is open until the answer is called. */
export function opened(about: string): () => void {
  open.add(about)
  return () => open.delete(about)
}

/** Whether something stands in a form that is open, and was neither saved nor discarded. */
export const isEditing = (): boolean => [...open].some(about => kept.has(about))

/** Nothing of it is left for whoever signs in next. */
export const forgetEdits = (): void => kept.clear()
