import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { transformWithOxc } from 'vite'

type Handler = Extract<Plugin['generateBundle'], (...given: never[]) => unknown>

/** What is kept beside scripts and styles: files that keep their name, and the letters that most pages are written in. */
const publicFiles = ['layers.css', 'icon.svg', 'icon-unread.svg', 'icon-192.png', 'manifest.webmanifest']
const kept = /\.(js|css)$|(inter-latin|jetbrains-mono-latin)-wght-normal-[^/]*\.woff2$/

/** Writes /sw.js: web/service-worker.ts, with the list of the files of this build before it. */
export function serviceWorker(web: string): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    // After the chunks that came out empty are gone.
    generateBundle: { order: 'post', handler: writeWorker(web) },
  }
}

const writeWorker = (web: string): Handler =>
  async function (_, bundle) {
    const path = join(web, 'service-worker.ts')
    const { code } = await transformWithOxc(readFileSync(path, 'utf8'), path)
    const assets = Object.keys(bundle).filter(name => kept.test(name))
    const entry = Object.values(bundle).find(file => file.type === 'chunk' && file.isEntry)?.fileName
    if (entry === undefined) throw new Error('The page has no entry that its service worker could look for.')
    const files = [...assets, ...publicFiles].sort().map(name => `/${name}`)
    const hash = createHash('sha256').update(code).update(JSON.stringify(files))
    for (const name of publicFiles) hash.update(readFileSync(join(web, 'public', name)))
    const build = { version: hash.digest('hex').slice(0, 16), files, entry: `/${entry}` }
    const source = `const build = ${JSON.stringify(build)}\n${code}`
    this.emitFile({ type: 'asset', fileName: 'sw.js', source })
  }
