/** What a command runs of the test files: once on the embedded store, and once more on PostgreSQL and Redis. */
export interface Suite {
  readonly first: (file: string) => boolean
  readonly again: (file: string) => boolean
}

/** Files that hold on either store: all but those about one store, or about no store at all. */
const onEitherStore =
  /^(server\/core\/|tests\/(browser|convergence|http|security|spec|sync)\/|tests\/faults\/server-kill)/

/**
 * Too slow for every day: each starts and kills processes, cuts networks and disks, fills databases again and again, or looks at every
 * screen in every way.
 */
const slow =
  /^tests\/(faults|move|convergence)\/|^tests\/contract\/store\.moved|^tests\/browser\/(screens|broken)/

/** Their temporary files are on a disk: its power is cut, it is full, and what it synchronises fails. */
export const harmsDisks = /^tests\/faults\//

/** What people do while they talk. The other screens differ by no store, and are held to PostgreSQL by `npm run test:long`. */
const talking = /^tests\/browser\/(talk|offline)/

/** The second pass of every day: the operations and promises themselves. Beside it the contract of the stores is held by both. */
const parity = /^(server\/core\/|tests\/(spec|sync)\/)/

/** `npm test`: what everybody runs. */
export const everyday: Suite = {
  first: file => !slow.test(file),
  again: file => parity.test(file),
}

/** `npm run test:faults`: the rest of what gates. */
export const faults: Suite = {
  first: file => slow.test(file),
  again: file =>
    onEitherStore.test(file) &&
    !parity.test(file) &&
    (talking.test(file) || !file.startsWith('tests/browser/')),
}

/** Both, for the files that somebody named. */
export const everything: Suite = {
  first: () => true,
  again: file => onEitherStore.test(file),
}
