import { join } from 'node:path'
import babel from '@rolldown/plugin-babel'
import react, { reactCompilerPreset } from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { emojiLists } from './scripts/emoji-plugin.ts'
import { leanModules } from './scripts/lean-plugin.ts'
import { pageLimits } from './scripts/limits-plugin.ts'
import { plainRoutes } from './scripts/routes-plugin.ts'
import { serviceWorker } from './scripts/service-worker-plugin.ts'
import { textsByLanguage } from './scripts/texts-plugin.ts'

/**
 * Parts of the first screen that stand there once. What the compiler would remember for them saves nothing that can be measured, and
 * it would add a tenth to the weight of the screen; rows of lists, and all other screens, it does compile.
 */
const drawnOnce =
  /[\\/]web[\\/]ui[\\/](Root|main|client|parts[\\/].*|shell[\\/](ConnectionBanner|PageSkeleton|PageTitle|Pane|Shell|ShellSkeleton|Sidebar|Unreachable|useShellKeys)|people[\\/]useWatch|room[\\/](Announcer|Composer|ComposerQuestion|FormatBar|JoinBar|Jumps|ListSkeleton|NotDone|RoomHeader|RoomView|TypingLine|useComposer|useLongPress|useWriting))\.tsx?$/

// Nothing may be inlined into the page: its content security policy allows scripts, styles, fonts and images from its own
// origin only, so every asset is a file with its hash in the name, and index.html carries no script or style of its own.
export default defineConfig({
  root: `${import.meta.dirname}/web`,
  publicDir: 'public',
  // React has had what this shim of wouter's is for since version 18.
  resolve: { alias: { 'use-sync-external-store/shim/index.js': 'react' } },
  plugins: [
    plainRoutes(import.meta.dirname),
    pageLimits(import.meta.dirname),
    emojiLists(import.meta.dirname),
    leanModules(),
    textsByLanguage(join(import.meta.dirname, 'web')),
    serviceWorker(join(import.meta.dirname, 'web')),
    react({ jsxImportSource: join(import.meta.dirname, 'web/ui/jsx') }),
    babel({
      presets: [reactCompilerPreset()],
      include: /[\\/]web[\\/]ui[\\/].*\.tsx?$/,
      exclude: drawnOnce,
      sourceMap: false,
    }),
  ],
  build: {
    // The first versions with all that the styles use as it is written: nesting, layers, oklch and light-dark().
    target: ['chrome123', 'edge123', 'firefox128', 'safari17.5'],
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    license: true,
    reportCompressedSize: false,
    // Weighed after gzip by scripts/weight.ts instead.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  worker: { format: 'es' },
})
