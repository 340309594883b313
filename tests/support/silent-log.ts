import type { Log } from '../../server/core/ports/log.ts'

const nothing = () => {}

/** Tells nobody. */
export const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
