/**
 * Builds everything that is shipped: `out/main` (the window's main process, the engine, the command line and one file
 * per worker, all CommonJS), `out/preload`, and the pages in `out/renderer`.
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'electron-vite'
import pages from './vite.renderer.config.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Worker threads by the name under which `paths.ts` looks for them: `workers/frame` for `frame.worker.ts`. */
const workers = Object.fromEntries(
  readdirSync(here('src/main/workers'))
    .filter((name) => name.endsWith('.worker.ts'))
    .map((name) => [`workers/${name.replace('.worker.ts', '')}`, here(`src/main/workers/${name}`)]),
)

// Chunks lie beside the entries, because code finds resources and workers from the folder it is in.
const commonJs = {
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunk-[name]-[hash].cjs',
} as const

export default defineConfig({
  main: {
    build: {
      outDir: here('out/main'),
      target: 'node18',
      rollupOptions: {
        input: {
          index: here('src/main/index.ts'),
          engine: here('src/main/engine.ts'),
          cli: here('src/main/hosts/cli/index.ts'),
          supervisor: here('src/main/core/training/processes/supervisor.ts'),
          ...workers,
        },
        output: commonJs,
      },
    },
  },
  preload: {
    build: {
      outDir: here('out/preload'),
      // A sandboxed preload script can load nothing but Electron itself.
      externalizeDeps: false,
      rollupOptions: { input: { index: here('src/preload/index.ts') }, output: commonJs },
    },
  },
  renderer: pages,
})
