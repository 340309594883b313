/** Where a test may make the writer fail or die, by name. */
export type Failpoint = (at: 'before-commit' | 'after-commit-before-reply') => void

/** Nothing happens, unless a test names a module whose default export is another failpoint. */
export async function failpointOf(module: string | undefined): Promise<Failpoint> {
  if (module === undefined) return () => {}
  const { default: failpoint } = (await import(module)) as { default: Failpoint }
  return failpoint
}
