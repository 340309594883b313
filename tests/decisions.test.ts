import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, test } from 'node:test'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'docs', 'decisions')
const names = globSync('[0-9]*.md', { cwd: folder }).sort()
const sections = ['Context', 'Decision', 'Consequences']

interface Head {
  number: string
  title: string
  status: string
  date: string
}

const headFormat =
  /^# (?<number>\d{4}): (?<title>.+)\n\nStatus: (?<status>accepted|superseded by \d{4})\nDate: (?<date>\d{4}-\d\d-\d\d)\n\n/

/** The parts of a record's head, or nothing if it does not have the format that docs/decisions/README.md describes. */
const headOf = (text: string) => headFormat.exec(text)?.groups as Head | undefined

/** The second-level headings of a document, in order. */
const headings = (text: string) => [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading ?? '')

/** The addresses of a document's links to other files of the repository, without the part after `#`. */
const linksOf = (text: string) =>
  [...text.matchAll(/\]\(([^)#\s]+)[^)\s]*\)/g)]
    .map(([, address]) => address ?? '')
    .filter(address => !/^[a-z]+:/.test(address))

describe('decision records', () => {
  for (const name of names) {
    test(`${name} has the head and the sections of a record`, () => {
      const text = readFileSync(join(folder, name), 'utf8')
      const head = headOf(text)
      assert(
        head,
        'it begins with "# NNNN: Title", an empty line, "Status: ...", "Date: YYYY-MM-DD" and an empty line',
      )
      assert.equal(head.number, name.slice(0, 4))
      const found = headings(text).filter(heading => sections.includes(heading))
      assert.deepEqual(found, sections)
    })
  }

  test('no two records have the same number', () => {
    const numbers = names.map(name => name.slice(0, 4))
    assert.deepEqual(
      numbers.filter((number, at) => numbers.indexOf(number) !== at),
      [],
    )
  })

  test('the index lists exactly the records, as they are', () => {
    const index = readFileSync(join(folder, 'README.md'), 'utf8')
    const rows = names.map(name => {
      const head = headOf(readFileSync(join(folder, name), 'utf8'))
      return `| ${head?.number} | [${head?.title}](${name}) | ${head?.date} | ${head?.status} |`
    })
    assert.deepEqual(
      index.split('\n').filter(line => /^\| \d/.test(line)),
      rows,
    )
  })
})

test('every link from a document to a file leads to a file', () => {
  const documents = globSync(['*.md', 'docs/**/*.md', 'deploy/**/*.md', 'tests/security/*.md'], { cwd: root })
  const broken = documents.flatMap(path =>
    linksOf(readFileSync(join(root, path), 'utf8'))
      .filter(address => !existsSync(join(root, dirname(path), address)))
      .map(address => `${path}: ${address}`),
  )
  assert(documents.map(path => basename(path)).includes('README.md'))
  assert.deepEqual(broken, [])
})

test('heads and links are recognised as they are written', () => {
  assert.equal(headOf('# 1. Title\n\nStatus: accepted\nDate: 2026-11-23\n\n'), undefined)
  assert.equal(
    headOf('# 0001: Title\n\nStatus: superseded by 0002\nDate: 2026-11-23\n\n')?.status,
    'superseded by 0002',
  )
  assert.deepEqual(linksOf('[a](../B.md#c) [d](https://e.f) [g](#h)'), ['../B.md'])
})
