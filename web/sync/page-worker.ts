import { attempt } from './device.ts'

// TypeScript's DOM library does not know Trusted Types yet (W3C, Trusted Types).
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): {
    createScriptURL(url: string): string
  }
}

const address = '/sw.js'
/** A newer worker that is not found within this time, in ms, is not waited for. */
const patienceMs = 3_000

/** Lets the service worker keep the page and its files. Where there are none (an insecure origin, blocked storage) the page works without. */
export async function keepPage(): Promise<void> {
  try {
    const registration = await serviceWorkers()?.register(trusted(), { updateViaCache: 'none' })
    // A browser by itself looks for a newer one only when the old one rests, which may take minutes.
    if (registration?.active) await registration.update()
  } catch {
    // The page works without.
  }
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

let known: string | undefined

/** The only address of a script that the page makes: its policy lets no other policy be made, nor this one twice, and this one makes no other address. */
function trusted(): string {
  known ??= made()
  return known
}

function made(): string {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes }
  const policy = trustedTypes?.createPolicy('confab', {
    createScriptURL: url => {
      if (url !== address) throw new TypeError('Only the service worker is loaded by its address.')
      return url
    },
  })
  return policy ? policy.createScriptURL(address) : address
}
