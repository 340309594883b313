import type { CSSProperties, ReactNode } from 'react'
import { createContext, createElement, Fragment, use } from 'react'
import { directionOf } from '../../../contract/markdown/direction.ts'
import type { Block } from '../../../contract/markdown/tree.ts'
import { m } from '../../paraglide/messages.js'
import { useTabStop } from '../parts/tab-stops.ts'

type List = Extract<Block, { is: 'list' }>

interface TasksOfText {
  /** The number of each item that is a task, by list, in the order in which tasks are read. */
  numbers: ReadonlyMap<List, readonly number[]>
  /** Turns a task; there is none where one may only look. */
  turn?: ((nth: number) => void) | undefined
}

/** The tasks of the text around. */
export const Tasks = createContext<TasksOfText>({ numbers: new Map() })

export function numbersOf(blocks: readonly Block[]): ReadonlyMap<List, readonly number[]> {
  const numbers = new Map<List, number[]>()
  let next = 0
  const walk = (block: Block): void => {
    if (block.is === 'quote') block.children.forEach(walk)
    if (block.is === 'list') number(block)
  }
  const number = (list: List): void => {
    const own: number[] = []
    numbers.set(list, own)
    list.items.forEach((item, n) => {
      own.push(next)
      if ((list.tasks?.[n] ?? null) !== null) next++
      item.forEach(walk)
    })
  }
  blocks.forEach(walk)
  return numbers
}

/** Numbers stand as they were typed, whatever they are; a long one gets the room that it needs. */
export function ListBlock({ list, items }: { list: List; items: readonly (readonly ReactNode[])[] }) {
  const { marks, tasks } = list
  const dir = directionOf(list)
  const elements = items.map((item, n) => {
    const task = tasks?.[n] ?? null
    const box = task === null ? [] : [<TaskBox key="box" list={list} item={n} done={task} />]
    const props = { ...(marks && numbered(marks[n] ?? '')), ...(task !== null && { className: 'task' }) }
    return createElement('li', props, ...box, ...item)
  })
  const all = createElement(Fragment, null, ...elements)
  if (marks === null) return <ul dir={dir}>{all}</ul>
  const widest = Math.max(...marks.map(mark => mark.length))
  return (
    <ol dir={dir} style={{ paddingInlineStart: `max(24px, ${widest + 1}ch)` }}>
      {all}
    </ol>
  )
}

/** The browser's own number where that is what was written, which a screen reader knows best. */
function numbered(mark: string): { value: number; style?: CSSProperties } {
  const value = Number(mark.slice(0, -1))
  return `${value}.` === mark ? { value } : { value, style: { listStyleType: `"${mark} "` } }
}

/** Whether a task is done; who wrote the message turns it. */
function TaskBox({ list, item, done }: { list: List; item: number; done: boolean }) {
  const { numbers, turn } = use(Tasks)
  const nth = numbers.get(list)?.[item]
  return (
    <input
      type="checkbox"
      {...useTabStop()}
      aria-label={m.chat_task()}
      checked={done}
      disabled={!turn}
      onChange={() => nth !== undefined && turn?.(nth)}
    />
  )
}
