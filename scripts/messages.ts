import { join } from 'node:path'
import { compile } from '@inlang/paraglide-js'

/** Compiles the message catalogues web/messages/*.json to functions in web/paraglide. */
export async function compileMessages(root: string): Promise<void> {
  await compile({
    project: join(root, 'project.inlang'),
    outdir: join(root, 'web', 'paraglide'),
    // Which language it is, web/ui/language.ts decides.
    strategy: ['baseLocale'],
    outputStructure: 'message-modules',
    isServer: 'false',
    emitGitIgnore: false,
    emitPrettierIgnore: false,
    emitReadme: false,
  })
}
