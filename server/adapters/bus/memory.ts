import type { Bus } from '../../core/ports.ts'

/** The bus of a node that is alone: there is nobody to tell and nobody to hear. */
export const memoryBus = (): Bus => ({
  state: 'alone',
  publish: () => {},
  signal: () => {},
  listen: () => ({ [Symbol.dispose]: () => {} }),
  [Symbol.asyncDispose]: async () => {},
})
