import type { Seq, Topic } from '../../../contract/ids.ts'

/** What one node tells the others. */
export interface Announcement {
  readonly topic: Topic
  readonly seq: Seq
  readonly bodies: readonly string[]
}

/** What a node hears of the others. */
export interface BusListener {
  announced(announcement: Announcement): void
  /** `from`: the id of the node that said it. */
  signalled(signal: string, from: string): void
  /** Something may have been missed: of these topics, or of any. Heads are then compared with the store's. */
  lost(topics?: readonly Topic[]): void
}

/**
 * Carries announcements and signals to *other* nodes only, keeps each publisher's order within a topic (and among the signals to all),
 * and may lose any of them. What is lost is repaired from the Store by seq. Sending never waits, and what cannot be sent is dropped.
 * With one node there is nobody to tell: the memory bus.
 */
export interface Bus extends AsyncDisposable {
  /** `alone`: there are no other nodes. `lost`: nothing gets through now; what is missed is read from the Store. */
  readonly state: 'alone' | 'joined' | 'lost'
  /** Which channels it speaks over, as a pattern, where others may use what carries them; null where nobody does. */
  readonly channels: string | null
  publish(announcement: Announcement): void
  /** To every node; with a topic, to those that follow it. */
  signal(signal: string, topic?: Topic): void
  /** Until the answer is disposed of this node hears of the topic; others it need not hear. Where that holds only later, `lost` is called with it then. */
  follow(topic: Topic): Disposable
  listen(listener: BusListener): Disposable
}
