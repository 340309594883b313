import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Files of PEM. */
export interface Certified {
  readonly certificate: string
  readonly key: string
}

/** Why certificates cannot be made here; false where they can. */
export const noOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' })
    return false
  } catch {
    return 'no openssl is installed'
  }
})()

/** An authority that nobody knows, with its certificate at `path`, and what it certifies. */
export class Authority implements AsyncDisposable {
  readonly folder: string
  readonly #own: Certified

  private constructor(folder: string) {
    this.folder = folder
    this.#own = this.#request('authority')
    const { certificate, key } = this.#own
    const made = ['-x509', '-days', '2', '-subj', '/CN=A test authority', '-key', key, '-out', certificate]
    openssl('req', ...made)
  }

  static async make(): Promise<Authority> {
    return new Authority(await mkdtemp(join(tmpdir(), 'confab-authority-')))
  }

  get path(): string {
    return this.#own.certificate
  }

  /** A certificate for a server of this name, such as `DNS:localhost`. */
  certify(name: string): Certified {
    const made = this.#request(name.replace(/\W/g, '-'))
    const request = `${made.key}.request`
    const names = `${made.key}.names`
    writeFileSync(names, `subjectAltName=${name}\n`)
    openssl('req', '-new', '-subj', '/CN=A test server', '-key', made.key, '-out', request)
    const by = ['-CA', this.#own.certificate, '-CAkey', this.#own.key, '-CAcreateserial']
    openssl('x509', '-req', '-days', '2', ...by, '-extfile', names, '-in', request, '-out', made.certificate)
    return made
  }

  #request(name: string): Certified {
    const key = join(this.folder, `${name}.key`)
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', key)
    return { key, certificate: join(this.folder, `${name}.pem`) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' })
