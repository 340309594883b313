import type { DeviceStorage } from './storage/device.ts'
import type { Storage } from './storage/storage.ts'
import type { HttpClientOptions } from './transport/http-client.ts'

/** Ends what was begun: a timer, a listening. Calling it again does nothing. */
export type Cancel = () => void

/** Time comes in here, so that tests can hold it. `now` is Unix ms. */
export interface ClientClock {
  now(): number
  after(ms: number, then: () => void): Cancel
}

/** What a socket reports. `closed` is the last, and comes once. */
export interface SocketListener {
  opened(): void
  received(text: string): void
  closed(code: number, reason: string): void
}

/** One WebSocket. Sending or closing after its end does nothing. */
export interface SocketPort {
  send(text: string): void
  close(): void
}

/** Mutual exclusion between the tabs of one browser (Web Locks). `work` runs when the name is free, and its end frees it; aborted before that, it never runs. */
export interface TabLocks {
  hold(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void>
}

/** What tabs of one browser send one another (BroadcastChannel); the sender does not receive its own. */
export interface Tabs<Notice> {
  emit(notice: Notice): void
  close(): void
}

/** Everything that the sync layer reaches outside of itself. `browser.ts` has those of a page; tests have their own. */
export interface Ports {
  readonly clock: ClientClock
  /** 0 <= n < 1. */
  random(): number
  openSocket(listener: SocketListener): SocketPort
  readonly http: HttpClientOptions
  openStorage(lost: () => void): Promise<Storage>
  readonly locks: TabLocks
  /** For as long as the tab is open, reloading included. */
  readonly tabStorage: DeviceStorage
  openTabs<Notice>(name: string, listener: (notice: Notice) => void): Tabs<Notice>
  /** Loads the newest page, once: `false` where that was done already and did not help. `welcomed` forgets that it was done. */
  reloadOnce(): boolean
  welcomed(): void
  /** Calls back when the device went offline or came back, or the page came into view: a good moment to try the connection. */
  onWake(then: () => void): Cancel
  /** Calls back when the page goes out of view: nothing more may come of it. */
  onHide(then: () => void): Cancel
}
