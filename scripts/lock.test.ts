import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Lock } from './lock.ts'
import { complete, demanding, missing } from './lock.ts'

describe('the lock file', () => {
  const lock: Lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8'))
  const packages = Object.entries(lock.packages)

  test('names every optional package, or npm 12 refuses it (scripts/complete-lock.ts fills it in)', () => {
    assert.deepEqual(
      missing(lock).map(({ parent, name }) => `${parent} wants ${name}`),
      [],
    )
  })

  test('holds the address of no registry', () => {
    assert.deepEqual(
      packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path),
      [],
    )
  })

  test('makes npm warn nobody of a Node that is new enough for Confab (scripts/complete-lock.ts takes it out)', () => {
    assert.deepEqual(demanding(lock), [])
  })

  test('holds no package that wants to run something at installation', () => {
    assert.deepEqual(
      packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path),
      [],
    )
  })
})

test('every direct dependency has its reason in docs/decisions/dependencies.md, and nothing else has', () => {
  const root = join(import.meta.dirname, '..')
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const rows = readFileSync(join(root, 'docs', 'decisions', 'dependencies.md'), 'utf8')
    .split('\n')
    .filter(line => /^\| [@a-z]/.test(line) && !line.startsWith('| package |'))
  const listed = rows.flatMap(row => (row.split('|')[1] ?? '').split(',').map(name => name.trim()))
  const direct = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
  assert.deepEqual(listed.sort(), direct.sort())
})

test('what is left out is filled in for its own system alone, and beside its parent if another version is outside', () => {
  const optionalDependencies = {
    '@a/linux-x64-gnu': '2.0.0',
    '@a/darwin-arm64': '2.0.0',
    '@a/linux-arm-musleabihf': '2.0.0',
  }
  const lock: Lock = {
    packages: {
      '': {},
      'node_modules/@a/linux-x64-gnu': { version: '2.0.0' },
      'node_modules/@a/darwin-arm64': { version: '1.0.0' },
      'node_modules/a': { version: '2.0.0', dev: true, optionalDependencies },
    },
  }
  assert.deepEqual(
    missing(lock).map(({ name }) => name),
    ['@a/darwin-arm64', '@a/linux-arm-musleabihf'],
  )
  const { packages } = complete(lock)
  const common = { version: '2.0.0', dev: true, optional: true }
  assert.deepEqual(packages['node_modules/a/node_modules/@a/darwin-arm64'], {
    ...common,
    cpu: ['arm64'],
    os: ['darwin'],
  })
  assert.deepEqual(packages['node_modules/@a/linux-arm-musleabihf'], {
    ...common,
    cpu: ['arm'],
    libc: ['musl'],
    os: ['linux'],
  })
  assert.deepEqual(missing(complete(lock)), [])
})
