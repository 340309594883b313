import { scriptAddress } from './script-address.ts'
import { attempt } from './storage/device.ts'

/** A newer worker that is not found within this time, in ms, is not waited for. */
const patienceMs = 3_000

/** Whether a worker that was asked for did not come, or not with all of its files; how often in a row, and when it may be asked for again. */
let isMissed = false
let misses = 0
let againAt = 0
/** After the first miss one is asked for at once, then after this long, ms, and each time after three times as long. */
const patienceAfterMissMs = 30_000

/** Lets the service worker keep the page and its files. Where there are none (an insecure origin, blocked storage) the page works without. */
export async function registerPageWorker(): Promise<void> {
  isMissed = false
  try {
    const registration = await serviceWorkers()?.register(scriptAddress('/sw.js'), { updateViaCache: 'none' })
    if (!registration) return
    watch(registration.installing)
    registration.onupdatefound = () => watch(registration.installing)
    // A browser by itself looks for a newer one only when the old one rests, which may take minutes.
    if (registration.active) await registration.update()
  } catch {
    miss()
  }
}

/** The files may be there again, or there may be no room for them in this browser: then each try would fetch them all in vain. */
function miss(): void {
  isMissed = true
  againAt = misses === 0 ? 0 : Date.now() + patienceAfterMissMs * 3 ** Math.min(misses - 1, 6)
  misses++
}

/** The server is there again: a worker that missed some of its files meanwhile, which the browser itself would give up, is asked for again. */
export function keepMissedPage(): void {
  if (isMissed && Date.now() >= againAt) void registerPageWorker()
}

let watched: ServiceWorker | null = null

/** A first worker is found both when it is registered and by the event that says so. */
function watch(worker: ServiceWorker | null): void {
  if (worker === watched) return
  watched = worker
  const ended = () => {
    if (worker?.state === 'redundant') miss()
    else misses = 0
  }
  // The first change alone: one that was installed is replaced by the next.
  worker?.addEventListener('statechange', ended, { once: true })
}

/** Looks for a newer service worker, for the page that is loaded anew to be kept soon. Never rejects, and ends in any case. */
export async function updatePageWorker(): Promise<void> {
  const update = async () => {
    const registration = await serviceWorkers()?.getRegistration()
    await registration?.update()
  }
  const late = new Promise<void>(resolve => setTimeout(resolve, patienceMs))
  await Promise.race([update().catch(() => {}), late])
}

const serviceWorkers = () =>
  attempt<ServiceWorkerContainer | undefined>(() => navigator.serviceWorker, undefined)
