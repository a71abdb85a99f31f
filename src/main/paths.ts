/** Where things lie: the user's data folder, the program's own resources and worker files, in source and in bundles. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { WorkerEntry } from './workers/pool.ts'

const here = dirname(fileURLToPath(import.meta.url))
const isSource = import.meta.url.endsWith('.ts')

/** The folder that holds `package.json` and `resources`: the checkout, or the installed package. */
export const packageRoot = findUp(here, 'package.json')

/** `resources/` beside the program. */
export const resourcesDir = join(packageRoot, 'resources')

/** Version of the studio, from package.json. */
export const studioVersion = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version

/** Files of the worker threads: TypeScript in a checkout, bundles beside the main bundle otherwise. */
export const workerEntry: WorkerEntry = (name) =>
  isSource ? new URL(`./workers/${name}.worker.ts`, import.meta.url) : join(here, 'workers', `${name}.cjs`)

/** The small program that watches over a training process, and the Node that runs it. */
export const supervisor = {
  file: isSource
    ? fileURLToPath(new URL('./core/training/processes/supervisor.ts', import.meta.url))
    : join(here, 'supervisor.cjs'),
  node: process.execPath,
  // Inside Electron the program is Electron itself; this makes it a plain Node.
  ...(process.versions.electron === undefined ? {} : { nodeEnvironment: { ELECTRON_RUN_AS_NODE: '1' } }),
}

export { homeFolder } from './homeFolder.ts'

function findUp(from: string, name: string): string {
  if (existsSync(join(from, name))) return from
  const parent = dirname(from)
  if (parent === from) throw new Error(`No ${name} above ${here}.`)
  return findUp(parent, name)
}
