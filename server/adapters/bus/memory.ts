import type { Bus } from '../../core/ports/bus.ts'

const nothing: Disposable = { [Symbol.dispose]: () => {} }

/** The bus of a node that is alone: there is nobody to tell and nobody to hear. */
export const memoryBus = (): Bus => ({
  state: 'alone',
  channels: null,
  publish: () => {},
  signal: () => {},
  follow: () => nothing,
  listen: () => nothing,
  [Symbol.asyncDispose]: async () => {},
})
