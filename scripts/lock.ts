/** A package-lock.json, as far as it is needed here. */
export interface Lock {
  packages: Record<string, LockedPackage>
}

export interface LockedPackage {
  version?: string
  resolved?: string
  optionalDependencies?: Record<string, string>
  hasInstallScript?: boolean
  cpu?: string[]
  os?: string[]
  libc?: string[]
  dev?: boolean
  optional?: boolean
  engines?: Record<string, string>
  license?: string
}

interface Missing {
  /** Where the package that wants it is locked. */
  parent: string
  name: string
  version: string
}

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]

/**
 * The optional packages that the lock file leaves out: npm drops one that it could not get when the file was written, although
 * another system needs it, and npm 12 refuses a file with such a gap.
 */
export function missing(lock: Lock): Missing[] {
  return Object.entries(lock.packages).flatMap(([parent, { optionalDependencies }]) =>
    Object.entries(optionalDependencies ?? {})
      .filter(([, version]) => /^\d/.test(version))
      .filter(([name, version]) => lock.packages[found(lock, parent, name)]?.version !== version)
      .map(([name, version]) => ({ parent, name, version })),
  )
}

/**
 * The packages that ask for a newer Node than the lock file's own project does. npm would warn of each, and needlessly: Confab runs them with
 * the Node that it brings, whichever one calls npm.
 */
export function demanding(lock: Lock): string[] {
  const ours = oldestNode(lock.packages[''])
  return Object.keys(lock.packages).filter(path => oldestNode(lock.packages[path]) > ours)
}

/** The lowest major version of Node that a package names in what it asks for. */
function oldestNode(locked: LockedPackage | undefined): number {
  const versions = (locked?.engines?.node ?? '0').split('||')
  return Math.min(...versions.map(version => Number(/\d+/.exec(version)?.[0] ?? 0)))
}

/**
 * The lock file with an entry for each package that it left out, and without what `demanding` packages ask for. Which system a package is for is told by its name, so that
 * others pass it by; its hash is not known, and npm takes the one of the registry where it is installed.
 */
export function complete(lock: Lock): Lock {
  const packages = { ...lock.packages }
  for (const path of demanding(lock)) {
    const { engines: _, ...rest } = packages[path] ?? {}
    packages[path] = rest
  }
  for (const { parent, name, version } of missing(lock)) {
    const { dev, engines, license } = packages[parent] ?? {}
    const top = `node_modules/${name}`
    const at = top in packages ? `${parent}/${top}` : top
    packages[at] = {
      version,
      ...platform(name),
      ...(dev ? { dev } : {}),
      ...(license ? { license } : {}),
      optional: true,
      ...(engines ? { engines } : {}),
    }
  }
  const names = Object.keys(packages).sort((a, b) => a.localeCompare(b, 'en'))
  return { ...lock, packages: Object.fromEntries(names.map(name => [name, packages[name] ?? {}])) }
}

/** Where Node finds a package that the one at `parent` asks for: beside it, or in a folder further out. */
function found(lock: Lock, parent: string, name: string): string {
  for (
    let folder = parent;
    folder;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))
  ) {
    const path = `${folder}/node_modules/${name}`
    if (path in lock.packages) return path
  }
  return `node_modules/${name}`
}

function platform(name: string): Pick<LockedPackage, 'cpu' | 'libc' | 'os'> {
  const parts = name.split(/[/-]/)
  const cpu = PROCESSORS.filter(processor => parts.includes(processor))
  const os = SYSTEMS.filter(system => parts.includes(system))
  const libc = parts.some(part => part.startsWith('musl')) ? ['musl'] : parts.includes('gnu') ? ['glibc'] : []
  return { ...(cpu.length ? { cpu } : {}), ...(libc.length ? { libc } : {}), ...(os.length ? { os } : {}) }
}
