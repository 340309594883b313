import babel from '@rolldown/plugin-babel'
import react, { reactCompilerPreset } from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Nothing may be inlined into the page: its content security policy allows scripts, styles, fonts and images from its own
// origin only, so every asset is a file with its hash in the name, and index.html carries no script or style of its own.
export default defineConfig({
  root: `${import.meta.dirname}/web`,
  publicDir: 'public',
  plugins: [
    react(),
    babel({ presets: [reactCompilerPreset()], include: /[\\/]web[\\/]ui[\\/].*\.tsx?$/, sourceMap: false }),
  ],
  // The browser form of this package writes to innerHTML, which the page's Trusted Types forbid.
  resolve: {
    alias: { 'decode-named-character-reference': `${import.meta.dirname}/web/ui/markdown/no-references.ts` },
  },
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
