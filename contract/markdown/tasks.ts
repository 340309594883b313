import { parse } from './parse.ts'
import type { Block } from './tree.ts'

/** Whether each task of a text is done, in the order in which they are read. */
export function tasksIn(blocks: readonly Block[]): readonly boolean[] {
  return blocks.flatMap(block => {
    if (block.is === 'quote') return tasksIn(block.children)
    if (block.is !== 'list') return []
    return block.items.flatMap((item, n) => {
      const task = block.tasks?.[n] ?? null
      return [...(task === null ? [] : [task]), ...tasksIn(item)]
    })
  })
}

/**
 * The text with its `nth` task done, or open again where it was done; the text itself where it has no such task. What looks like a box may be text
 * or code, so each is tried, and the one that changes this task alone is meant.
 */
export function withTaskTurned(text: string, nth: number): string {
  const before = tasksIn(parse(text))
  const wanted = before.map((done, n) => (n === nth ? !done : done)).join()
  // No task stands before as many boxes as there are tasks before it.
  for (const { index, 1: box } of [...text.matchAll(/\[([ xX])\](?=[ \t])/g)].slice(nth)) {
    const turned = `${text.slice(0, index + 1)}${box === ' ' ? 'x' : ' '}${text.slice(index + 2)}`
    if (nth < before.length && tasksIn(parse(turned)).join() === wanted) return turned
  }
  return text
}
