/** The pages of this checkout, built for one test file and served by the browser door of a test's own studio. */
import { join } from 'node:path'
import { build } from 'vite'
import type { Studio } from '../../src/main/core/studio.ts'
import { startHttpDoor, type HttpDoor } from '../../src/main/hosts/http/server.ts'
import { packageRoot } from '../../src/main/paths.ts'

/** @param folder a folder of the test, where the built pages go. */
export async function openPagesDoor(studio: Studio, folder: string): Promise<HttpDoor> {
  const pagesDir = join(folder, 'pages')
  await build({
    configFile: join(packageRoot, 'vite.renderer.config.ts'),
    logLevel: 'error',
    build: { outDir: pagesDir, emptyOutDir: true },
  })
  return startHttpDoor({ studio, pagesDir, host: '127.0.0.1', port: 0 })
}
