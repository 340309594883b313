/** How long some test files may take, and why that is longer than usual. */
interface Budget {
  readonly files: RegExp
  readonly seconds: number
  readonly because: string
}

const USUAL = 30

/** The first that matches holds. */
const budgets: readonly Budget[] = [
  {
    files: /^tests\/browser\/(account|administration|fits|reading|talk|welcome)\./,
    seconds: 90,
    because: 'a browser for each of many people, or each screen at each width or in each look',
  },
  {
    files: /^tests\/browser\/(broken|screens)\./,
    seconds: 240,
    because: 'every screen in every way',
  },
  { files: /^tests\/browser\//, seconds: 60, because: 'a Chromium and a server, and a page for each test' },
  {
    files: /^tests\/(convergence|faults|move)\//,
    seconds: 120,
    because: 'processes that start, die and recover',
  },
  { files: /^tests\/contract\/store\./, seconds: 60, because: 'a database for each of ninety tests' },
  { files: /^tests\/hostile\./, seconds: 60, because: 'attacks that last until the server ends them' },
  { files: /^tests\/spec\/nodes\./, seconds: 60, because: 'several nodes for each test' },
]

/**
 * The seconds that a test file may take beside another on two cores. The run names those that took longer; none fails by that, since a
 * busy machine is no defect.
 */
export const budgetOf = (file: string): number =>
  budgets.find(({ files }) => files.test(file))?.seconds ?? USUAL
