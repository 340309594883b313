import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Module } from './support/modules.ts'
import { cycles, parseModule, readModule } from './support/modules.ts'

const root = join(import.meta.dirname, '..')
const exceptionsFile = 'tests/architecture-exceptions.json'

const MOST_LINES_OF_A_FILE = 300
const MOST_LINES_OF_A_FUNCTION = 40

/** A part of the program: the first whose pattern matches a path. `may`: the parts that it imports beside itself. */
interface Part {
  name: string
  files: RegExp
  may: string[]
  /** The packages and Node modules that it imports; without it, any. */
  packages?: RegExp
}

const PARTS: Part[] = [
  { name: 'contract', files: /^contract\//, may: [], packages: /^zod\/mini$/ },
  { name: 'ports', files: /^server\/core\/(ports\/|log\/change\.ts$)/, may: ['contract'], packages: /^$/ },
  // How the server compares names, for core and for the tables; its data is too heavy for the page, and so not in the contract.
  { name: 'text', files: /^server\/text\//, may: ['contract'], packages: /^node:module$/ },
  {
    name: 'core',
    files: /^server\/core\//,
    may: ['contract', 'ports', 'text'],
    packages: /^node:(crypto|util)$/,
  },
  // What both ways in share knows neither; a socket begins as a request.
  { name: 'transport', files: /^server\/transport\/[^/]+$/, may: ['contract', 'ports', 'core'] },
  { name: 'http', files: /^server\/transport\/http\//, may: ['contract', 'ports', 'core', 'transport'] },
  {
    name: 'socket',
    files: /^server\/transport\/socket\//,
    may: ['contract', 'ports', 'core', 'transport', 'http'],
  },
  { name: 'adapters', files: /^server\/adapters\//, may: ['contract', 'ports', 'text'] },
  {
    name: 'settings',
    files: /^server\/(config|log|s3-settings|setting|tracing-settings|version)\.ts$/,
    may: ['contract', 'ports'],
  },
  {
    name: 'app',
    files: /^server\/app\.ts$/,
    may: ['contract', 'ports', 'core', 'transport', 'http', 'socket', 'adapters', 'settings'],
  },
  // It looks at each place by itself, also at one that the app would refuse to open.
  {
    name: 'doctor',
    files: /^server\/cli\/doctor\//,
    may: ['contract', 'ports', 'settings', 'adapters'],
  },
  { name: 'copies', files: /^server\/copies\//, may: ['contract', 'ports', 'adapters', 'settings'] },
  {
    name: 'cli',
    files: /^server\/cli\//,
    may: ['contract', 'ports', 'text', 'core', 'settings', 'app', 'copies', 'doctor'],
  },
  { name: 'main', files: /^server\/main\.ts$/, may: ['contract', 'settings', 'app', 'cli'] },
  { name: 'service worker', files: /^web\/service-worker\.ts$/, may: [], packages: /^$/ },
  { name: 'sync', files: /^web\/sync\//, may: ['contract'], packages: /^(?!node:|react|@base-ui)/ },
  { name: 'messages', files: /^web\/paraglide\//, may: [] },
  { name: 'ui', files: /^web\/ui\//, may: ['contract', 'sync', 'messages'], packages: /^(?!node:)/ },
]

const isTest = (path: string) => /\.test\.tsx?$/.test(path)
const paths = globSync('{contract,server,web,tests,bench,scripts}/**/*.{ts,tsx}', { cwd: root })
  .filter(path => !path.startsWith('web/paraglide/'))
  .sort()
const modules = paths.map(path => readModule(root, path))
const program = modules.filter(({ path }) => /^(contract|server|web)\//.test(path) && !isTest(path))
const exceptions: Record<string, string> = JSON.parse(readFileSync(join(root, exceptionsFile), 'utf8'))

function partOf(path: string): Part | undefined {
  return PARTS.find(part => part.files.test(path))
}

/** What a file imports that its part may not. */
function forbidden(module: Module): string[] {
  const part = partOf(module.path)
  if (!part) return [`${module.path} belongs to no part: put it into one, or name its part in the test`]
  return module.imports.flatMap(({ from, file }) => {
    if (file === undefined) {
      return !part.packages || part.packages.test(from) ? [] : [`${module.path} imports the package ${from}`]
    }
    const target = partOf(file)
    const may = target && (target === part || part.may.includes(target.name))
    return may ? [] : [`${module.path} (${part.name}) imports ${file} (${target?.name ?? 'no part'})`]
  })
}

describe('the parts import each other one way only', () => {
  test('every import follows the arrows of the architecture', () => {
    assert.deepEqual(program.flatMap(forbidden), [])
  })

  test('no file imports itself by way of others', () => {
    assert.deepEqual(
      cycles(modules).map(cycle => cycle.join(' -> ')),
      [],
    )
  })

  test('every relative import names a file that exists, with its extension', () => {
    const missing = modules.flatMap(({ path, imports }) =>
      imports
        .filter(({ file }) => file !== undefined && !file.startsWith('web/paraglide/'))
        .filter(({ file }) => !existsSync(join(root, file ?? '')))
        .map(({ from }) => `${path} imports ${from}`),
    )
    assert.deepEqual(missing, [])
  })

  test('an import against an arrow, or of a package that a part may not have, is seen', () => {
    const module = (path: string, from: string, file?: string): Module => {
      const nothing = { exports: [], functions: [], lines: 1, readsEnvironment: false, onlyPassesOn: false }
      return { path, imports: [{ from, file, lazy: false }], ...nothing }
    }
    assert.equal(
      forbidden(
        module(
          'server/core/operations/rooms/rooms.ts',
          '../../../transport/socket/hub.ts',
          'server/transport/socket/hub.ts',
        ),
      ).length,
      1,
    )
    assert.equal(forbidden(module('server/core/operations/rooms/rooms.ts', 'ws')).length, 1)
    assert.equal(forbidden(module('server/core/operations/rooms/rooms.ts', 'node:fs')).length, 1)
    assert.equal(forbidden(module('server/core/operations/rooms/rooms.ts', 'node:crypto')).length, 0)
    assert.equal(forbidden(module('web/ui/main.tsx', '../../server/app.ts', 'server/app.ts')).length, 1)
    assert.equal(forbidden(module('web/sync/log.ts', 'react')).length, 1)
    assert.equal(forbidden(module('server/elsewhere.ts', 'ws')).length, 1)
  })
})

describe('one place for one thing', () => {
  test('the environment is read in server/config.ts alone', () => {
    const readers = program.filter(module => module.readsEnvironment).map(module => module.path)
    assert.deepEqual(
      readers.filter(path => path !== 'server/config.ts'),
      [],
    )
  })

  test('what the browser keeps is reached where its refusal is caught: in web/sync/storage/device.ts, by idb, and by the service worker', () => {
    const storage =
      /\b(localStorage|sessionStorage|indexedDB|caches|navigator\.serviceWorker|document\.cookie)\b(?!')/
    const found = program
      .filter(({ path }) => path.startsWith('web/'))
      .filter(({ path }) =>
        storage.test(readFileSync(join(root, path), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')),
      )
      .map(({ path }) => path)
    assert.deepEqual(found, [
      'web/service-worker.ts',
      'web/sync/page-worker.ts',
      'web/sync/storage/device.ts',
    ])
  })

  test('no file only passes on what others export', () => {
    const barrels = modules.filter(
      ({ path, onlyPassesOn }) => onlyPassesOn || /(^|\/)index\.tsx?$/.test(path),
    )
    assert.deepEqual(
      barrels.map(module => module.path),
      [],
    )
  })

  test('no two files export one name', () => {
    const files = new Map<string, string[]>()
    for (const { path, exports } of program)
      for (const name of exports) files.set(name, [...(files.get(name) ?? []), path])
    assert.deepEqual(
      [...files].filter(([, paths]) => paths.length > 1),
      [],
    )
  })

  test('the program imports nothing that is made for its tests', () => {
    const found = program.flatMap(({ path, imports }) =>
      imports.filter(({ file }) => file && (isTest(file) || file.startsWith('tests/'))).map(() => path),
    )
    assert.deepEqual(found, [])
  })
})

describe('files and functions are short', () => {
  const long = new Map<string, string>()
  for (const { path, lines, functions } of modules) {
    if (lines > MOST_LINES_OF_A_FILE) long.set(path, `${lines} lines`)
    // What is described in a test, or in a suite that several tests share, is as long as the behaviour has cases.
    if (path.startsWith('tests/') || isTest(path)) continue
    for (const { name, line, lines } of functions) {
      if (lines > MOST_LINES_OF_A_FUNCTION) long.set(`${path}#${name}`, `${lines} lines, from line ${line}`)
    }
  }

  test('whatever is longer stands in the list of exceptions with its reason', () => {
    const unlisted = [...long].filter(([key]) => !exceptions[key]?.trim())
    assert.deepEqual(
      unlisted.map(([key, size]) => `${key}: ${size}`),
      [],
    )
  })

  test('no exception is listed that is not needed any more', () => {
    assert.deepEqual(
      Object.keys(exceptions).filter(key => !long.has(key)),
      [],
    )
  })
})

describe('the reader of modules sees what the tests above rely on', () => {
  test('imports of every kind, and whether they are lazy', () => {
    const { imports } = parseModule(
      'web/ui/a.ts',
      `import type { A } from '../sync/b.ts'
       import sheet from './c.css?url'
       export { d } from './d.ts'
       const e = () => import('./e.ts')
       import { f } from 'idb'`,
    )
    assert.deepEqual(
      imports.map(({ file, from, lazy }) => [file ?? from, lazy]),
      [
        ['web/sync/b.ts', false],
        ['web/ui/c.css', false],
        ['idb', false],
        ['web/ui/d.ts', false],
        ['web/ui/e.ts', true],
      ],
    )
  })

  test('exports of every kind, but not what is only passed on', () => {
    const text = `export const a = 1, b = 2
      export function c() {}
      export type { D } from './d.ts'
      export interface E {}
      class F {}
      export { F }`
    assert.deepEqual(parseModule('a.ts', text).exports, ['a', 'b', 'c', 'E', 'F'])
  })

  test('the environment, whatever way it is read', () => {
    const reads = (text: string) => parseModule('a.ts', text).readsEnvironment
    assert(reads('const port = process.env.PORT'))
    assert(reads('const { env } = process'))
    assert(reads(`import { env } from 'node:process'`))
    assert(!reads('const environment = process.argv'))
  })

  test('functions, with those declared within', () => {
    const body = '  work()\n'.repeat(10)
    const inner = `  function inner() {\n${body}  }\n`
    const { functions } = parseModule('a.ts', `const outer = () => {\n${body}${inner}}\n`)
    assert.deepEqual(
      functions.map(({ name, line, lines }) => [name, line, lines]),
      [
        ['outer', 1, 24],
        ['inner', 12, 12],
      ],
    )
  })

  test('a circle of imports, but not one that a lazy import closes', () => {
    const module = (path: string, text: string) => parseModule(path, text)
    const a = module('a.ts', `import './b.ts'`)
    assert.deepEqual(cycles([a, module('b.ts', `import type { A } from './a.ts'`)]), [
      ['a.ts', 'b.ts', 'a.ts'],
    ])
    assert.deepEqual(cycles([a, module('b.ts', `const later = () => import('./a.ts')`)]), [])
  })

  test('a file that only passes on', () => {
    assert(parseModule('a.ts', `export * from './b.ts'\nexport { c } from './c.ts'`).onlyPassesOn)
    assert(!parseModule('a.ts', `export * from './b.ts'\nexport const c = 1`).onlyPassesOn)
  })
})
