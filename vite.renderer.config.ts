/** How the pages are built: by electron-vite with everything else, or alone (`vite -c vite.renderer.config.ts`). */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { contractFingerprint } from './src/main/hosts/contractFingerprint.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('src/renderer'),
  // Relative addresses, so that the same files work below any path and any scheme.
  base: './',
  plugins: [react()],
  // Pages tell an engine elsewhere which contract they were built with.
  define: { 'import.meta.env.CONTRACT': JSON.stringify(contractFingerprint()) },
  build: {
    outDir: here('out/renderer'),
    emptyOutDir: true,
    target: 'chrome114',
    // A strict Content-Security-Policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
})
