import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, existsSync, ftruncateSync, mkdirSync, mkdtempSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** The program that shuts a file system down, of the package xfsprogs; nothing if it is not installed. */
export const findXfsIo = (): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
    .map(folder => join(folder, 'xfs_io'))
    .find(existsSync)

/**
 * An ext4 file system on a disk of its own whose power can be cut: of what was written only what was synchronised is there afterwards, or
 * what the kernel had happened to write before. It goes with its test, also where that is killed.
 */
export class CutDisk implements AsyncDisposable {
  readonly folder: string
  readonly #image: string
  readonly #guard: ReturnType<typeof guard>

  private constructor(place: string) {
    this.folder = join(place, 'disk')
    this.#image = join(place, 'image')
    this.#guard = guard(place, this.folder)
  }

  /** Answers why not, where that is not to be had. */
  static make(mebibytes: number): CutDisk | string {
    if (process.platform !== 'linux' || process.getuid?.() !== 0)
      return 'only root on Linux can cut the power of a disk'
    if (!findXfsIo()) return 'no xfs_io is installed'
    const place = mkdtempSync(join(tmpdir(), 'confab-disk-'))
    // Others than root may have to pass.
    chmodSync(place, 0o711)
    const disk = new CutDisk(place)
    mkdirSync(disk.folder)
    const image = openSync(disk.#image, 'w')
    ftruncateSync(image, mebibytes * 1024 * 1024)
    closeSync(image)
    const refusal = run('mkfs.ext4', '-q', disk.#image) ?? disk.#mount()
    if (refusal === null) return disk
    disk.#guard.stdin.end()
    return `no disk of its own: ${refusal}`
  }

  /** Everything that was written until now outlives the next cut. */
  synchronise(): void {
    succeed(run('sync', '-f', this.folder))
  }

  /**
   * Nothing is written any more, nor read. What is not on the disk will never be; ext4 is not even let to finish its journal. What was just
   * being synchronised may be told to be done, and is not there (of 40 cuts beside a program that does nothing else, one): where power
   * fails nobody is told anything any more, so what is acknowledged after this was called says nothing.
   */
  async cut(): Promise<void> {
    const cutting = spawn('xfs_io', ['-x', '-c', 'shutdown', this.folder], { stdio: 'ignore' })
    const [code] = await once(cutting, 'exit')
    if (code !== 0) throw new Error(`xfs_io ended with ${code}`)
  }

  /** Everybody who used it is gone by now. */
  restore(): void {
    succeed(run('umount', this.folder))
    succeed(this.#mount())
  }

  #mount(): string | null {
    return run('mount', '-o', 'loop', this.#image, this.folder)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#guard, 'exit')
    this.#guard.ref()
    this.#guard.stdin.end()
    await ended
  }
}

/**
 * Takes the disk away when its standard input ends: when it is told to, or whoever could is gone. Who was started on it and is still there,
 * with its folder on the command line, goes first.
 */
function guard(place: string, folder: string) {
  const script = `cat > /dev/null
    for one in /proc/[0-9]*; do
      [ "$one" = "/proc/$$" ] || ! grep -qsF "$1" "$one/cmdline" || kill -9 "\${one#/proc/}"
    done
    umount -l "$1" 2> /dev/null
    rm -rf "$2"`
  const child = spawn('sh', ['-c', script, 'guard', folder, place], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // What interrupts the test does not interrupt this.
    detached: true,
  })
  child.unref()
  ;(child.stdin as unknown as { unref(): void }).unref()
  return child
}

/** Answers what a program said that failed. */
function run(program: string, ...given: string[]): string | null {
  const { status, error, stderr } = spawnSync(program, given)
  return status === 0 ? null : (error?.message ?? stderr.toString().trim())
}

function succeed(refusal: string | null): void {
  if (refusal !== null) throw new Error(refusal)
}
