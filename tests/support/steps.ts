import type { Profiler } from 'node:inspector'
import { Session } from 'node:inspector/promises'

/**
 * How many steps `work` takes in the modules whose path holds `inside`: how often each block of theirs ran (V8's precise coverage), and how
 * many letters it gave to the built-in functions that read a string. Both are counts and no times,
 * so that the machine's load does not matter; V8 may miss some of what it optimises meanwhile, a twentieth at most where it was measured.
 */
export async function counting(inside: string, work: () => unknown): Promise<number> {
  counter ??= startCounting()
  const profiler = await counter
  // From zero: every look at the counts takes them away.
  await profiler.post('Profiler.takePreciseCoverage')
  const letters = lettersGiven(work)
  const { result } = await profiler.post('Profiler.takePreciseCoverage')
  const blocks = result
    .filter(({ url }) => url.includes(inside) && !url.endsWith('.test.ts'))
    .flatMap(({ functions }) => functions)
    .flatMap(({ ranges }: Profiler.FunctionCoverage) => ranges)
    .reduce((sum, { count }) => sum + count, 0)
  return blocks + letters
}

/** Started once for the process: starting and stopping takes V8 ten times as long as a look at the counts. */
let counter: Promise<Session> | undefined

async function startCounting(): Promise<Session> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  return session
}

/**
 * The letters that built-in functions read while `work` runs. Those of RegExp all go by its `exec`, once that is another function; encoding
 * a host (RFC 3492) takes its square. */
function lettersGiven(work: () => unknown): number {
  let letters = 0
  const undo: (() => void)[] = []
  const wrap = <Self>(
    of: object,
    name: string,
    count: (self: Self, args: readonly unknown[], was: Called) => number,
  ) => {
    const was = Reflect.get(of, name) as (...args: readonly unknown[]) => unknown
    const put = (value: unknown) =>
      Object.defineProperty(of, name, { value, configurable: true, writable: true })
    put(function (this: Self, ...args: readonly unknown[]): unknown {
      let found: unknown
      letters += count(this, args, () => (found = Reflect.apply(was, this, args)))
      return found
    })
    undo.push(() => put(was))
  }
  wrap<string>(String.prototype, 'slice', (_, _args, call) => String(call()).length)
  for (const name of ['trim', 'trimEnd'])
    wrap<string>(String.prototype, name, (self, _, call) => self.length - String(call()).length)
  wrap<string>(String.prototype, 'indexOf', (self, [, from = 0], call) => {
    const found = Number(call())
    return (found < 0 ? self.length : found) - Number(from)
  })
  wrap<string>(
    String.prototype,
    'lastIndexOf',
    (self, [, from = self.length], call) => Number(from) - Number(call()),
  )
  wrap<RegExp>(RegExp.prototype, 'exec', (self, [text], call) => {
    const from = self.global || self.sticky ? self.lastIndex : 0
    const found = call() as RegExpExecArray | null
    if (found) return found.index + found[0].length - from
    return self.sticky ? 1 : String(text).length - from
  })
  wrap<typeof URL>(URL, 'parse', (_, [address], call) => {
    call()
    const host = /^[a-z]+:\/\/([^/?#]*)/i.exec(String(address))?.[1]?.length ?? 0
    return String(address).length + host ** 2 / 10
  })
  try {
    work()
  } finally {
    for (const one of undo) one()
  }
  return letters
}

/** Calls what was wrapped. */
type Called = () => unknown
