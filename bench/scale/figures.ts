import measured from './measured.json' with { type: 'json' }
import type { Costs, Crowd, Outcome } from './tree.ts'
import { simulate } from './tree.ts'

interface Measured {
  readonly value: number | null
  readonly assumed?: number | null
  readonly unit: string
  readonly from: string | null
}

const inputs: Readonly<Record<string, Measured>> = measured
const costs = Object.fromEntries(
  Object.entries(inputs).map(([name, { value, assumed }]) => [name, value ?? assumed ?? 0]),
) as unknown as Costs

const crowds: readonly Crowd[] = [
  {
    name: '1,000,000 online in 100,000 rooms of 30, 3,000 posts/s',
    online: 1e6,
    rooms: 1e5,
    members: 30,
    posts: 3_000,
  },
  { name: 'the same, 10,000 posts/s', online: 1e6, rooms: 1e5, members: 30, posts: 10_000 },
  { name: 'one room of 1,000,000, 1 post/s', online: 1e6, rooms: 1, members: 1e6, posts: 1 },
  { name: 'one room of 1,000,000, 10 posts/s', online: 1e6, rooms: 1, members: 1e6, posts: 10 },
  { name: 'one room of 1,000,000, 100 posts/s', online: 1e6, rooms: 1, members: 1e6, posts: 100 },
]

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')

const number = (of: number) => of.toLocaleString('en', { maximumFractionDigits: 2 })
const percent = (of: number) => `${Math.round(of * 100)} %`
const pair = ([p50, p99]: readonly [number, number]) => `${Math.round(p50)} / ${Math.round(p99)} ms`

function row(name: string, of: Outcome): string[] {
  const { nodes, databases, buses } = of.fleet
  return [
    name,
    `${nodes} (${percent(of.busyNode)})`,
    String(databases),
    `${buses} (${percent(of.busyBus)})`,
    number(Math.round(of.deliveries)),
    `${number(of.busBytes / 1e6)} MB/s`,
    pair(of.committed),
    pair(of.atNodes),
    pair(of.heard),
  ]
}

/** The tables of docs/SCALE.md, the same at every run. */
export function figures(): string {
  const what = Object.entries(inputs).map(([name, { value, assumed, unit, from }]) => [
    `\`${name}\``,
    value === null
      ? `**not measured yet**${assumed == null ? '' : ` (assumed: ${number(assumed)})`}`
      : number(value),
    unit,
    from ?? '',
  ])
  const outcomes = crowds.map(crowd => row(crowd.name, simulate(crowd, costs)))
  const head = ['crowd', 'nodes (busiest)', 'databases', 'Redis (busiest)', 'deliveries/s', 'bus']
  const delays = ['acknowledged', 'at the nodes', 'heard by the last socket of a node']
  return `${table(['input', 'is', 'what', 'from'], what)}\n\n${table([...head, ...delays], outcomes)}`
}
