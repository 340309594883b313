import type { Me } from '../../contract/entities.ts'
import type { UserId } from '../../contract/ids.ts'
import type { Found } from './browser.ts'
import { browserPorts, foundByServer } from './browser.ts'
import { LiveClient } from './client.ts'
import type { Client } from './model.ts'
import type { Cancel, Ports } from './ports.ts'
import { emptyState } from './replica/state.ts'
import { deviceStorage } from './storage/device.ts'
import type { SavedState, Storage } from './storage/storage.ts'
import { callHttp } from './transport/http-client.ts'

/** What a page finds when it comes: somebody signed in, nobody, a server without an owner, or no server (and nothing kept from before). */
export type Entry =
  | { is: 'client'; client: Client }
  | { is: 'home' }
  | { is: 'setup'; imported?: boolean }
  | { is: 'unreachable' }

/** Who is there: somebody, with what this device keeps of theirs; or nobody that a client could be started for. */
type Who = { is: 'somebody'; saved: SavedState } | Exclude<Entry, { is: 'client' }>

export interface StartOptions {
  readonly ports: Ports
  /** For trials: cuts the connection again and again, each time after a random while, this many ms on average. */
  readonly debugReconnects?: number
  /** What the server found when it gave out the page: where it is no session, nothing is asked again. */
  readonly found?: Found | undefined
}

/** Of a page: `localStorage['confab-debug-reconnects'] = '2000'` cuts its connection every two seconds or so. */
function pageOptions(): StartOptions {
  const cuts = Number(deviceStorage.get('confab-debug-reconnects'))
  return { ports: browserPorts(), found: foundByServer(), ...(cuts > 0 && { debugReconnects: cuts }) }
}

/** Asks who is signed in, and starts their client. Where the server does not tell it starts from what is kept of who was here last. */
export async function enter(options: StartOptions = pageOptions()): Promise<Entry> {
  const { ports } = options
  let kept = true
  const storage = await ports.openStorage(() => {
    kept = false
  })
  const who = options.found ? await nobody(options.found, storage) : await whoAmI(ports, storage)
  if (who.is !== 'somebody') {
    storage.close()
    return who
  }
  await storage.setLastUser(who.saved.state.me)
  const client = new LiveClient({ ports, storage, saved: who.saved }, () => kept)
  if (options.debugReconnects !== undefined) cutAgainAndAgain(client, ports, options.debugReconnects)
  return { is: 'client', client }
}

async function whoAmI(ports: Ports, storage: Storage): Promise<Who> {
  const answer = await callHttp('me.get', {}, ports.http)
  const last = await storage.lastUser()
  if ('ok' in answer) return { is: 'somebody', saved: await savedOf(answer.ok.me, last, storage) }
  const code = 'error' in answer && answer.error.code
  if (code === 'setup_needed') return { is: 'setup' }
  if (code === 'signed_out') return nobody('home', storage)
  // It is not there, or cannot tell just now.
  const saved = last && (await storage.state(last))
  return saved ? { is: 'somebody', saved } : { is: 'unreachable' }
}

/** Nobody is signed in: what is kept of who was here last is forgotten. */
async function nobody(found: Found, storage: Storage): Promise<Who> {
  const last = await storage.lastUser()
  if (last) await forget(storage, last)
  return found === 'imported' ? { is: 'setup', imported: true } : { is: found }
}

/** What is kept of this person; what is kept of another one, whose session ended unseen, is forgotten. */
async function savedOf(me: Me, last: UserId | null, storage: Storage): Promise<SavedState> {
  if (last && last !== me.id) await forget(storage, last)
  return (await storage.state(me.id)) ?? { state: emptyState(me), cursors: new Map() }
}

async function forget(storage: Storage, user: UserId): Promise<void> {
  await storage.wipe(user, false)
  await storage.setLastUser(null)
}

function cutAgainAndAgain(client: LiveClient, ports: Ports, averageMs: number): void {
  let cancel: Cancel = () => {}
  const plan = () => {
    cancel = ports.clock.after(ports.random() * 2 * averageMs, () => {
      client.cut()
      plan()
    })
  }
  plan()
  client.onEnd(() => cancel())
}
