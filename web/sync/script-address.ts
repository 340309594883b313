// TypeScript's DOM library does not know Trusted Types yet (W3C, Trusted Types).
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): {
    createScriptURL(url: string): string
  }
}

/** The service worker, and the worker that colours code. */
const workers = /^\/(?:sw|assets\/code-worker-[\w-]+)\.js$/

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

/** The address of a worker of ours. The page's policy lets no other policy be made, nor this one twice, and this one makes no other address. */
export function scriptAddress(address: string): string {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes }
  policy ??= trustedTypes?.createPolicy('confab', {
    createScriptURL: url => {
      if (!workers.test(url)) throw new TypeError('Only workers of the page are loaded by their address.')
      return url
    },
  })
  return policy ? policy.createScriptURL(address) : address
}
