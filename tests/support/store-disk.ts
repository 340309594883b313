import { spawnSync } from 'node:child_process'

/** Lays a small disk over a folder; answers why not where that is not to be had. */
export function mount(folder: string, size: string): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'only root on Linux can lay a small disk over a folder'
  const { status, error, stderr } = spawnSync('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${size}`,
    'confab-test',
    folder,
  ])
  return status === 0 ? null : `no small disk: ${error?.message ?? stderr.toString().trim()}`
}

export function unmount(folder: string): void {
  spawnSync('umount', [folder])
}
