import { scriptAddress } from '../../sync/script-address.ts'
import type { CodeToken } from './code-tokens.ts'
import address from './code-worker.ts?worker&url'

/** Code that takes longer, in ms, stays without colours: an expression of its language may look back without end. */
const patienceMs = 2_000

/** So many pieces of code are remembered, so that a row that is scrolled back to has its colours at once. */
const maxKnown = 200

const known = new Map<string, readonly CodeToken[] | null>()
let worker: Worker | null = null
let last: Promise<unknown> = Promise.resolve()

const keyOf = (text: string, language: string): string => `${language}\n${text}`

/** The colours of code that was coloured before. */
export const knownColours = (text: string, language: string): readonly CodeToken[] | null =>
  known.get(keyOf(text, language)) ?? null

/** The colours of code, found in a thread of their own, one piece after the other; `null` where there are none. */
export function coloursOf(text: string, language: string): Promise<readonly CodeToken[] | null> {
  const turn = last.then(async () => {
    const key = keyOf(text, language)
    if (!known.has(key)) known.set(key, await ask(text, language.toLowerCase()))
    const [oldest] = known.keys()
    if (known.size > maxKnown && oldest !== undefined) known.delete(oldest)
    return known.get(key) ?? null
  })
  last = turn
  return turn
}

function ask(text: string, language: string): Promise<readonly CodeToken[] | null> {
  worker ??= new Worker(scriptAddress(address), { type: 'module' })
  const asked = worker
  return new Promise(resolve => {
    const end = (tokens: readonly CodeToken[] | null) => {
      clearTimeout(timer)
      resolve(tokens)
    }
    const giveUp = () => {
      asked.terminate()
      worker = null
      end(null)
    }
    const timer = setTimeout(giveUp, patienceMs)
    asked.onmessage = ({ data }: MessageEvent<readonly CodeToken[] | null>) => end(data)
    asked.onerror = giveUp
    asked.postMessage({ text, language })
  })
}
