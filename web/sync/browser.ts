import { subprotocol } from '../../contract/protocol.ts'
import type { ClientClock, Ports, SocketListener, SocketPort, Tabs } from './ports.ts'
import { attempt, tabStorage } from './storage/device.ts'
import { fallbackStorage } from './storage/fallback-storage.ts'
import { indexedDbStorage } from './storage/indexeddb.ts'
import { memoryStorage } from './storage/memory.ts'

const reloadedKey = 'confab-reloaded'

/** The ports of a page, whose server is where it came from. */
export const browserPorts = (): Ports => ({
  clock: pageClock,
  random: Math.random,
  openSocket,
  http: {},
  openStorage: async lost => {
    try {
      return fallbackStorage(await indexedDbStorage('confab', lost), lost)
    } catch {
      lost()
      return memoryStorage()
    }
  },
  locks: {
    // Without Web Locks (an insecure origin, blocked storage) each tab sends; the ids keep what both send from standing there twice.
    hold: async (name, signal, work) => {
      let isHeld = false
      const held = () => {
        isHeld = true
        return work()
      }
      if (!navigator.locks) return work()
      await navigator.locks.request(name, { signal }, held).catch((error: unknown) => {
        if (isHeld && !signal.aborted) throw error
      })
      if (!isHeld && !signal.aborted) await work()
    },
  },
  tabStorage,
  openTabs,
  reloadOnce,
  welcomed: () => {
    tabStorage.remove(reloadedKey)
    void pageWorker?.then(worker => worker.keepMissedPage())
  },
  onWake,
  onHide,
})

let pageWorker: Promise<typeof import('./page-worker.ts')> | undefined

/** Lets the browser keep the page, once it is up: until then nothing of that is loaded. */
export async function keepPage(): Promise<void> {
  try {
    pageWorker = import('./page-worker.ts')
    await (await pageWorker).registerPageWorker()
  } catch {
    pageWorker = undefined
  }
}

/** What a server tells with the page: an owner is missing, also of `imported` people, or nobody is signed in. */
export type Found = 'setup' | 'imported' | 'home'

/** What the server wrote into the page that it gave out; told once, since it was true then. */
export function foundByServer(): Found | undefined {
  const meta = document.querySelector<HTMLMetaElement>('meta[name=confab-found]')
  const found = meta?.content
  meta?.remove()
  return found === 'setup' || found === 'imported' || found === 'home' ? found : undefined
}

const pageClock: ClientClock = {
  now: () => Date.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms)
    return () => clearTimeout(timer)
  },
}

function openSocket(listener: SocketListener): SocketPort {
  const socket = new WebSocket(new URL('/ws', location.href.replace(/^http/, 'ws')), subprotocol)
  socket.addEventListener('open', () => listener.opened())
  socket.addEventListener('message', event => listener.received(String(event.data)))
  socket.addEventListener('close', event => listener.closed(event.code, event.reason))
  return {
    send: text => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    close: () => socket.close(),
  }
}

function openTabs<Notice>(name: string, listener: (notice: Notice) => void): Tabs<Notice> {
  // Blocked storage takes this as well: each tab then hears from the server alone.
  const channel = attempt(() => new BroadcastChannel(name), null)
  if (!channel) return { emit: () => {}, close: () => {} }
  channel.addEventListener('message', event => listener(event.data as Notice))
  return { emit: notice => channel.postMessage(notice), close: () => channel.close() }
}

/** Remembered by the tab, since what is remembered by the page goes with it. A tab that remembers nothing would go on for ever, and does not begin. */
function reloadOnce(): boolean {
  if (tabStorage.get(reloadedKey) !== null || !tabStorage.set(reloadedKey, '1')) return false
  void import('./page-worker.ts')
    .then(worker => worker.updatePageWorker())
    .catch(() => {})
    .then(() => location.reload())
  return true
}

function onWake(then: () => void): () => void {
  const seen = () => {
    if (document.visibilityState === 'visible') then()
  }
  window.addEventListener('online', then)
  window.addEventListener('offline', then)
  document.addEventListener('visibilitychange', seen)
  return () => {
    window.removeEventListener('online', then)
    window.removeEventListener('offline', then)
    document.removeEventListener('visibilitychange', seen)
  }
}

/** Of a page that is closed or left, hiding is the last that every browser tells (Page Visibility, section 4). */
function onHide(then: () => void): () => void {
  const hidden = () => {
    if (document.visibilityState === 'hidden') then()
  }
  document.addEventListener('visibilitychange', hidden)
  return () => document.removeEventListener('visibilitychange', hidden)
}
