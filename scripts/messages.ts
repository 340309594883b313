import { join } from 'node:path'
import { compile } from '@inlang/paraglide-js'

/** Compiles the message catalogues web/messages/*.json to functions in web/paraglide. */
export async function compileMessages(root: string): Promise<void> {
  await compile({
    project: join(root, 'project.inlang'),
    outdir: join(root, 'web', 'paraglide'),
    strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
    localStorageKey: 'confab-language',
    outputStructure: 'message-modules',
    isServer: 'false',
    emitGitIgnore: false,
    emitPrettierIgnore: false,
    emitReadme: false,
  })
}
