import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parse, parseAllDocuments } from 'yaml'
import { limits } from '../contract/limits.ts'
import { readConfig, settings } from '../server/config.ts'
import { freePort } from './support/free-port.ts'
import { TestProcess } from './support/process.ts'

const root = join(import.meta.dirname, '..')
const paths = globSync('{deploy/**/*,deploy/**/.*,Dockerfile}', { cwd: root, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath, entry.name))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

// biome-ignore lint/suspicious/noExplicitAny: what a file holds is what is asked here.
type Tree = any
const compose: Tree = parse(read('deploy/compose/docker-compose.yml'), { merge: true })
const objects: Tree[] = ['confab', 'secret.example', 'ingress.example'].flatMap(name =>
  parseAllDocuments(read(`deploy/kubernetes/${name}.yaml`)).map(document => {
    assert.deepEqual(document.errors, [])
    return document.toJS()
  }),
)
const object = (kind: string): Tree => objects.find(one => one.kind === kind) ?? assert.fail(kind)
const pod = object('Deployment').spec.template.spec
const container = pod.containers[0]

/** `NAME=value` lines, those commented out too. */
const assigned = (path: string): Record<string, string> =>
  Object.fromEntries(
    [...read(path).matchAll(/^#?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  )
const known = new Set<string>(Object.values(settings).map(one => one.variable))
const secrets = Object.values(settings).flatMap((one: { variable: string; secret?: true }) =>
  one.secret ? [one.variable] : [],
)

describe('what is in deploy/ is true of Confab', () => {
  test('every variable that begins with CONFAB_ is a setting', () => {
    // CONFAB_HOST is what the compose file itself asks for: a name, of which it makes CONFAB_URL.
    for (const path of paths)
      for (const [name] of readFileSync(path, 'utf8').matchAll(/\bCONFAB_[A-Z0-9_]*[A-Z0-9]\b/g))
        assert.ok(known.has(name) || (name === 'CONFAB_HOST' && path.includes('compose')), `${path}: ${name}`)
  })

  test('every variable that a node is given is a setting, and given like this it starts', () => {
    const node = compose.services['node-1'].environment
    const filled = (text: string) =>
      text.replace(/\$\{(\w+):\?[^}]*\}/g, (_, name) =>
        name === 'CONFAB_HOST' ? 'chat.example.org' : 'a1'.repeat(16),
      )
    const composed = Object.fromEntries(
      Object.entries<string | number>(node).map(([name, value]) => [name, filled(String(value))]),
    )
    const systemd = assigned('deploy/systemd/confab.env.example')
    const kubernetes = { ...object('ConfigMap').data, ...object('Secret').stringData }
    for (const given of [composed, systemd, kubernetes]) {
      assert.deepEqual(
        Object.keys(given).filter(name => !known.has(name)),
        [],
      )
      const missing = Object.keys(given).filter(name => given[name] === '')
      const whole = Object.fromEntries(missing.map(name => [name, /URL/.test(name) ? '' : 'a1'.repeat(16)]))
      const config = readConfig({}, { ...given, ...whole })
      assert.ok('config' in config, JSON.stringify(config))
    }
  })

  test('no secret has a value that somebody could forget to change', () => {
    for (const name of ['POSTGRES_PASSWORD', 'VALKEY_PASSWORD', 'CONFAB_SETUP_CODE'])
      assert.equal(assigned('deploy/compose/.env.example')[name], '')
    for (const value of Object.values(object('Secret').stringData)) assert.equal(value, '')
    for (const name of secrets) assert.ok(!(name in object('ConfigMap').data), name)
    for (const [, name, otherwise] of read('deploy/compose/docker-compose.yml').matchAll(
      /(?<!\$)\$\{(\w+)([^}]*)\}/g,
    ))
      assert.match(otherwise ?? '', /^:\?/, `${name} has a default`)
  })

  test('every image is named with the version that is meant', () => {
    const images = [
      ...Object.values<Tree>(compose.services).map(service => service.image),
      container.image,
      ...[...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image),
    ]
    assert.ok(images.length >= 7)
    for (const image of images) assert.match(image, /:[\w.-]*\d[\w.-]*$/)
    const { version } = JSON.parse(read('package.json'))
    for (const image of images.filter(one => /(^|\/)confab:/.test(one)))
      assert.ok(image.endsWith(`:${version}`), image)
  })
})

describe('the parts of deploy/ agree', () => {
  test('only the proxy is reached from outside, and the database and Valkey not even by it', () => {
    const services = Object.entries<Tree>(compose.services)
    assert.deepEqual(
      services.filter(([, one]) => one.ports).map(([name]) => name),
      ['caddy'],
    )
    assert.equal(compose.networks.back.internal, true)
    for (const name of ['postgres', 'valkey']) assert.deepEqual(compose.services[name].networks, ['back'])
    assert.deepEqual(compose.services.caddy.networks, ['front'])
  })

  test('nodes believe the network that the proxy calls from', () => {
    for (const name of ['node-1', 'node-2']) {
      const { CONFAB_TRUSTED_PROXIES } = compose.services[name].environment
      assert.equal(CONFAB_TRUSTED_PROXIES, compose.networks.front.ipam.config[0].subnet)
    }
  })

  test('every volume that is mounted is there, and what a node may write is a volume', () => {
    for (const service of Object.values<Tree>(compose.services))
      for (const mount of service.volumes ?? []) {
        const [from] = mount.split(':')
        assert.ok(from.startsWith('./') || from in compose.volumes, mount)
      }
    const node = compose.services['node-1']
    assert.ok(node.read_only && node.volumes.includes(`files:${node.environment.CONFAB_DATA}`))
    const mounted = container.volumeMounts.map((one: Tree) => one.mountPath)
    const data = /CONFAB_DATA=(\S+)/.exec(read('Dockerfile'))?.[1]
    assert.ok(container.securityContext.readOnlyRootFilesystem && mounted.includes(data))
    assert.deepEqual(
      container.volumeMounts.map((one: Tree) => one.name),
      pod.volumes.map((one: Tree) => one.name),
    )
  })

  test('ports, names and probes agree', () => {
    const { PORT } = object('ConfigMap').data
    assert.equal(String(container.ports[0].containerPort), PORT)
    assert.equal(object('Service').spec.ports[0].targetPort, container.ports[0].name)
    const backend = object('Ingress').spec.rules[0].http.paths[0].backend.service
    assert.equal(backend.name, object('Service').metadata.name)
    assert.equal(backend.port.name, object('Service').spec.ports[0].name)
    const labels = object('Deployment').spec.template.metadata.labels
    for (const selector of [
      object('Deployment').spec.selector.matchLabels,
      object('Service').spec.selector,
      object('PodDisruptionBudget').spec.selector.matchLabels,
    ])
      assert.deepEqual(selector, labels)
    assert.equal(container.readinessProbe.httpGet.path, '/readyz')
    assert.equal(container.livenessProbe.httpGet.path, '/healthz')
    const named = container.envFrom.map((one: Tree) => (one.configMapRef ?? one.secretRef).name)
    assert.deepEqual(named, [object('ConfigMap').metadata.name, object('Secret').metadata.name])
    const host = object('Ingress').spec.rules[0].host
    assert.equal(object('ConfigMap').data.CONFAB_URL, `https://${host}`)
    for (const name of ['node-1', 'node-2']) {
      const { PORT: port } = compose.services[name].environment
      assert.ok(read('deploy/compose/Caddyfile').includes(`${name}:${port}`))
      assert.ok(compose.services[name].healthcheck.test.join(' ').includes(`:${port}/readyz`))
    }
  })

  test('whoever ends a node waits longer than its drain lasts', () => {
    const seconds = (text: string) => Number(/^(\d+)s?$/.exec(text)?.[1])
    const drain = limits.drainMs / 1_000
    assert.ok(seconds(compose.services['node-1'].stop_grace_period) >= drain + 5)
    const before = Number(container.lifecycle.preStop.exec.command[1])
    assert.ok(pod.terminationGracePeriodSeconds >= before + drain + 5)
    for (const name of ['confab.service', 'confab@.service']) {
      const waits = /^TimeoutStopSec=(\d+)$/m.exec(read(`deploy/systemd/${name}`))?.[1] ?? ''
      assert.ok(seconds(waits) >= drain + 5, name)
    }
  })

  test('no proxy cuts a socket that Confab would not, nor refuses a picture that Confab takes', () => {
    const nginx = read('deploy/nginx/confab.conf')
    const waits = [...nginx.matchAll(/proxy_(?:read|send)_timeout (\d+)s;/g)].map(([, text]) => Number(text))
    const notes = object('Ingress').metadata.annotations
    for (const side of ['read', 'send'])
      waits.push(Number(notes[`nginx.ingress.kubernetes.io/proxy-${side}-timeout`]))
    assert.equal(waits.length, 4)
    for (const wait of waits) assert.ok(wait * 1_000 > limits.deadMs)
    for (const text of [
      /client_max_body_size (\d+)m/.exec(nginx)?.[1],
      /^(\d+)m$/.exec(notes['nginx.ingress.kubernetes.io/proxy-body-size'])?.[1],
    ])
      assert.ok(Number(text) * 1024 * 1024 > limits.avatarBytes)
  })

  test('no proxy passes on what a caller says of request numbers and traces, or counts failures against a node', () => {
    const manual = read('docs/OPERATIONS.md')
    for (const caddy of [read('deploy/caddy/Caddyfile'), read('deploy/compose/Caddyfile'), manual]) {
      assert.match(caddy, /^\t\theader_up X-Request-Id \{http\.request\.uuid\}$/m)
      assert.match(caddy, /^\t\theader_up -traceparent$/m)
      assert.doesNotMatch(caddy, /fail_duration|max_fails|unhealthy_/)
    }
    const nginx = read('deploy/nginx/confab.conf')
    for (const one of [nginx, manual]) {
      assert.match(one, /^ +proxy_set_header X-Request-Id \$request_id;$/m)
      assert.match(one, /^ +proxy_set_header traceparent "";$/m)
    }
    const servers = [...nginx.matchAll(/^ +server [\d.:]+(.*);$/gm)].map(([, how]) => how)
    assert.deepEqual(servers, [' max_fails=0', ' max_fails=0'])
  })

  test('a node of systemd whose database comes late is started until it comes, and one that is set wrongly is not', async () => {
    const nobody = `postgres://confab@127.0.0.1:${await freePort()}/confab`
    await using late = await TestProcess.run(['start'], { variables: { CONFAB_DATABASE_URL: nobody } })
    await using wrong = await TestProcess.run(['start'], { variables: { PORT: 'wrong' } })
    const kept = await wrong.ended()
    assert.notEqual(await late.ended(), kept)
    for (const path of ['deploy/systemd/confab.service', 'deploy/systemd/confab@.service']) {
      const unit = read(path)
      assert.match(unit, /^StartLimitIntervalSec=0$/m)
      assert.match(unit, /^Restart=always$/m)
      assert.match(unit, new RegExp(`^RestartPreventExitStatus=${kept}$`, 'm'))
      assert.match(unit, /^After=.*\bpostgresql\.service\b/m)
    }
  })

  test('a node of systemd runs as nobody in particular, and both units are hardened alike', () => {
    const directives = (path: string) =>
      read(path)
        .split('\n')
        .filter(line => /^[A-Z]\w+=/.test(line) && !/^(Description|Environment|EnvironmentFile)=/.test(line))
    const one = directives('deploy/systemd/confab.service')
    assert.deepEqual(directives('deploy/systemd/confab@.service'), one)
    for (const needed of [
      'DynamicUser=yes',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'KillSignal=SIGTERM',
    ])
      assert.ok(one.includes(needed), needed)
    assert.match(read('deploy/systemd/confab@.service'), /^Environment=PORT=%i$/m)
  })
})
