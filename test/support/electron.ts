/** A real Electron window for tests: the runtime at hand, a display, and the built program in it. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'

/** The checkout. */
export const repository = fileURLToPath(new URL('../..', import.meta.url))

const programName =
  { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform as string] ??
  'electron'

/** Electron's own program: `ELECTRON_OVERRIDE_DIST_PATH`, else what the npm package has fetched. */
export const electronProgram = [
  process.env.ELECTRON_OVERRIDE_DIST_PATH,
  join(repository, 'node_modules/electron/dist'),
]
  .flatMap((folder) => (folder === undefined ? [] : [join(folder, programName)]))
  .find((path) => existsSync(path))

const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
const hasXvfb = spawnSync('Xvfb', ['-help'], { stdio: 'ignore' }).error === undefined

/** Why no window can be opened here; `undefined` when one can. */
export const noWindowReason =
  electronProgram === undefined
    ? 'no Electron runtime (ELECTRON_OVERRIDE_DIST_PATH)'
    : !hasDisplay && !hasXvfb
      ? 'no display and no Xvfb'
      : undefined

/** Starts a virtual display where there is none. Gives its name, and what ends it. */
export async function openDisplay(): Promise<{ display: string | undefined; close(): void }> {
  if (hasDisplay) return { display: process.env.DISPLAY, close: () => {} }
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const number = await new Promise<string>((resolve, reject) => {
    server.stdout.on('data', (data: Buffer) => resolve(data.toString('utf8').trim()))
    server.on('exit', (status) => reject(new Error(`Xvfb ended with ${status}.`)))
  })
  return { display: `:${number}`, close: () => void server.kill() }
}

/** Arguments and environment of a start of the built program. */
export function startOf(
  home: string,
  display: string | undefined,
  changes: { args?: string[]; env?: Record<string, string | undefined> } = {},
) {
  const env: Record<string, string | undefined> = {
    ...process.env,
    PARALLAX_HOME: home,
    // The runtime at hand may be older than the native modules.
    PARALLAX_ENGINE_NODE: process.execPath,
    DISPLAY: display,
    ...changes.env,
  }
  const defined = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return {
    executablePath: electronProgram!,
    // Test machines run as root and without a GPU.
    args: ['--no-sandbox', '--disable-gpu', repository, ...(changes.args ?? [])],
    env: Object.fromEntries(defined),
  }
}

/** Opens the program and waits for its page. */
export async function openWindow(
  start: ReturnType<typeof startOf>,
): Promise<{ app: ElectronApplication; page: Page; problems: string[] }> {
  const app = await _electron.launch(start)
  const page = await app.firstWindow()
  page.setDefaultTimeout(60_000)
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  return { app, page, problems }
}
