import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { Target } from './attack.ts'
import { attacks } from './attacks.ts'

/** Prepares an attack in a thread of its own, so that what the attacker hears does not hold up the clock of those who are measured. */
export async function attacker(name: string, target: Target): Promise<() => Promise<object>> {
  const thread = new Worker(new URL(import.meta.url), { workerData: { name, target } })
  await once(thread, 'message')
  return async () => {
    thread.postMessage('begin')
    const [came] = (await once(thread, 'message')) as [object]
    await thread.terminate()
    return came
  }
}

if (!isMainThread && parentPort) {
  const { name, target } = workerData as { name: string; target: Target }
  const begin = await attacks[name]?.(target)
  parentPort.postMessage('prepared')
  await once(parentPort, 'message')
  parentPort.postMessage(await begin?.())
}
