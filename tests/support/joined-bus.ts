import type { Topic } from '../../contract/ids.ts'
import type { Announcement, Bus, BusListener } from '../../server/core/ports/bus.ts'

type Sent =
  | { readonly announcement: Announcement }
  | { readonly signal: string; readonly topic: Topic | undefined }

/** What becomes of an announcement on its way to the other nodes: those that are told of it, at once. */
export type Wire = (announcement: Announcement, deliver: (announcement: Announcement) => void) => void

interface Node {
  readonly name: string
  readonly listeners: Set<BusListener>
  readonly followed: Map<Topic, number>
}

const faithful: Wire = (announcement, deliver) => deliver(announcement)

/** Buses of several nodes in one process, joined. What one publishes is heard by those who follow it in a later turn, in its order. */
export function joinedBuses(count: number, wire: Wire = faithful): Bus[] {
  const nodes = Array.from(
    { length: count },
    (_, n): Node => ({ name: `node-${n}`, listeners: new Set(), followed: new Map() }),
  )
  const send = (from: Node, sent: Sent) =>
    queueMicrotask(() => {
      for (const node of nodes) if (node !== from) deliverTo(node, from.name, sent)
    })
  return nodes.map(node => busOf(node, sent => send(node, sent), wire))
}

function busOf(node: Node, send: (sent: Sent) => void, wire: Wire): Bus {
  return {
    state: 'joined',
    channels: null,
    publish: announcement => wire(announcement, one => send({ announcement: one })),
    signal: (signal, topic) => send({ signal, topic }),
    follow: topic => {
      node.followed.set(topic, (node.followed.get(topic) ?? 0) + 1)
      return { [Symbol.dispose]: () => unfollow(node, topic) }
    },
    listen: listener => {
      node.listeners.add(listener)
      return { [Symbol.dispose]: () => void node.listeners.delete(listener) }
    },
    [Symbol.asyncDispose]: async () => node.listeners.clear(),
  }
}

function unfollow(node: Node, topic: Topic): void {
  const times = (node.followed.get(topic) ?? 0) - 1
  if (times > 0) node.followed.set(topic, times)
  else node.followed.delete(topic)
}

function deliverTo(node: Node, from: string, sent: Sent): void {
  const topic = 'announcement' in sent ? sent.announcement.topic : sent.topic
  if (topic !== undefined && !node.followed.has(topic)) return
  for (const listener of node.listeners)
    if ('announcement' in sent) listener.announced(sent.announcement)
    else listener.signalled(sent.signal, from)
}
