// The manifests in deploy/kubernetes against the models of Kubernetes' own description of its API, which are installed for that from npm
// into a temporary folder. The compiler finds what they do not know, the models' schemas what is missing or of another form.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseAllDocuments } from 'yaml'

const root = join(import.meta.dirname, '..', '..')
const models = 'kubernetes-models'
const folder = mkdtempSync(join(tmpdir(), 'confab-manifests-'))
after(() => rmSync(folder, { recursive: true, force: true }))

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec?: Record<string, unknown>
}

const manifests = ['confab', 'secret.example', 'ingress.example'].flatMap(name =>
  parseAllDocuments(readFileSync(join(root, `deploy/kubernetes/${name}.yaml`), 'utf8')).map(
    document => document.toJS() as Manifest,
  ),
)

/** Why they cannot be had, as half a sentence; nothing when they are there. */
function missingModels(): string | undefined {
  const given = ['install', '--no-audit', '--no-fund', '--prefix', folder, models]
  const { status, stderr } = spawnSync('npm', given, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  return status === 0 ? undefined : `npm has no ${models} for us: ${stderr.split('\n').at(0)}`
}

/** What the compiler and the schemas have to say against some manifests. */
function complaints(some: readonly Manifest[]): string {
  const lines = some.map((manifest, n) => {
    const { apiVersion, kind } = manifest
    const from = `${models}/${apiVersion}`
    const name = `${kind}${n}`
    return [
      `import { ${kind} as ${name}, type I${kind} as I${name} } from '${from}'`,
      `const given${name}: I${name} = ${JSON.stringify(manifest)}`,
      `try { new ${name}(given${name}).validate() } catch (error) { console.log('${kind}:', String(error)) }`,
    ].join('\n')
  })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'))
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const strict = '--noEmit --strict --skipLibCheck --module nodenext --lib esnext,dom --types'.split(' ')
  const { stdout } = spawnSync(process.execPath, [compiler, ...strict, '', 'manifests.ts'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return stdout + execFileSync(process.execPath, ['manifests.ts'], { cwd: folder, encoding: 'utf8' })
}

test('the manifests hold to the API of Kubernetes, and what does not is found', t => {
  const missing = missingModels()
  if (missing) return t.skip(missing)
  assert.equal(complaints(manifests), '')
  const deployment = manifests.find(({ kind }) => kind === 'Deployment') ?? assert.fail('no Deployment')
  const withSpec = (spec: object): Manifest => ({ ...deployment, spec: { ...deployment.spec, ...spec } })
  assert.match(complaints([withSpec({ replica: 2 })]), /"replica"' does not exist/)
  assert.match(complaints([withSpec({ replicas: 'two' })]), /replicas.* integer/)
  assert.match(complaints([withSpec({ selector: undefined })]), /selector/)
})
