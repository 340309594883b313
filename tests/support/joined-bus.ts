import type { Topic } from '../../contract/ids.ts'
import type { Announcement, Bus, BusListener } from '../../server/core/ports.ts'

type Sent =
  | { readonly announcement: Announcement }
  | { readonly signal: string; readonly topic: Topic | undefined }

/** What becomes of an announcement on its way to the other nodes: those that are told of it, at once. */
export type Wire = (announcement: Announcement, tell: (announcement: Announcement) => void) => void

interface Node {
  readonly name: string
  readonly listener: Set<BusListener>
  readonly followed: Map<Topic, number>
}

const faithful: Wire = (announcement, tell) => tell(announcement)

/** Buses of several nodes in one process, joined. What one publishes is heard by those who follow it in a later turn, in its order. */
export function joinedBuses(count: number, wire: Wire = faithful): Bus[] {
  const nodes = Array.from(
    { length: count },
    (_, n): Node => ({ name: `node-${n}`, listener: new Set(), followed: new Map() }),
  )
  const tell = (from: Node, sent: Sent) =>
    queueMicrotask(() => {
      for (const node of nodes) if (node !== from) hear(node, from.name, sent)
    })
  return nodes.map(node => busOf(node, sent => tell(node, sent), wire))
}

function busOf(node: Node, tell: (sent: Sent) => void, wire: Wire): Bus {
  return {
    state: 'joined',
    channels: null,
    publish: announcement => wire(announcement, one => tell({ announcement: one })),
    signal: (signal, topic) => tell({ signal, topic }),
    follow: topic => {
      node.followed.set(topic, (node.followed.get(topic) ?? 0) + 1)
      return { [Symbol.dispose]: () => unfollow(node, topic) }
    },
    listen: listener => {
      node.listener.add(listener)
      return { [Symbol.dispose]: () => void node.listener.delete(listener) }
    },
    [Symbol.asyncDispose]: async () => node.listener.clear(),
  }
}

function unfollow(node: Node, topic: Topic): void {
  const times = (node.followed.get(topic) ?? 0) - 1
  if (times > 0) node.followed.set(topic, times)
  else node.followed.delete(topic)
}

function hear(node: Node, from: string, sent: Sent): void {
  const topic = 'announcement' in sent ? sent.announcement.topic : sent.topic
  if (topic !== undefined && !node.followed.has(topic)) return
  for (const listener of node.listener)
    if ('announcement' in sent) listener.heard(sent.announcement)
    else listener.signalled(sent.signal, from)
}
