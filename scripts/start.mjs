// `npm start`: builds the pages when needed and opens the studio in its window, or, where Electron's runtime cannot be
// had, in the browser, and says so in one line.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(import.meta.url)

const build = spawnSync(
  process.execPath,
  [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
  { cwd: root, stdio: 'inherit' },
)
if (build.status !== 0) process.exit(build.status ?? 1)

const runtime = await electronRuntime()
if (typeof runtime === 'string') {
  // In a checkout the engine runs under the project's own Node, whatever Electron has inside.
  const env = { ...process.env, PARALLAX_ENGINE_NODE: process.env.PARALLAX_ENGINE_NODE ?? process.execPath }
  hand(spawn(runtime, [root, ...process.argv.slice(2)], { stdio: 'inherit', env }))
} else {
  process.stderr.write(`No window: ${runtime.reason} Opening the studio in the browser instead.\n`)
  const server = spawn(
    process.execPath,
    [join(root, 'src/main/hosts/cli/index.ts'), 'serve', ...process.argv.slice(2)],
    { stdio: ['inherit', 'pipe', 'inherit'] },
  )
  server.stdout.on('data', (chunk) => {
    process.stdout.write(chunk)
    const address = /http:\/\/\S+/.exec(String(chunk))?.[0]
    if (address) openInBrowser(address)
  })
  hand(server)
}

/** Path of the Electron program, or why there is none. Its download is tried once, and given up after a while. */
async function electronRuntime() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return { reason: 'there is no display.' }
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules/electron/dist')
  const name =
    { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron'
  if (existsSync(join(folder, name))) return join(folder, name)
  const installer = join(dirname(require.resolve('electron/package.json')), 'install.js')
  if (existsSync(installer)) {
    process.stderr.write('Fetching the Electron runtime (about 110 MB, once)…\n')
    spawnSync(process.execPath, [installer], { stdio: 'ignore', timeout: 180_000 })
  }
  const pathFile = join(root, 'node_modules/electron/path.txt')
  if (existsSync(pathFile)) {
    const program = join(root, 'node_modules/electron/dist', readFileSync(pathFile, 'utf8').trim())
    if (existsSync(program)) return program
  }
  return { reason: "Electron's runtime could not be fetched." }
}

function openInBrowser(address) {
  const [program, ...args] = { darwin: ['open', address], win32: ['explorer', address] }[
    process.platform
  ] ?? ['xdg-open', address]
  // Without a browser the printed address is enough.
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}

/** Lets a child decide about signals and ends with its status. */
function hand(child) {
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (status) => process.exit(status ?? 1))
}
