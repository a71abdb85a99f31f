/* global clearTimeout, performance */
// `npm start`: builds the program and opens the studio in its window, or, where Electron's runtime cannot be had or
// does not come up, in the browser, and says so in one line.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A window that ends with a failure sooner than this never came up. */
const shortestLifeMs = 10_000

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(import.meta.url)
const args = process.argv.slice(2)

const build = spawnSync(
  process.execPath,
  [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
  { cwd: root, stdio: 'inherit' },
)
if (build.status !== 0) process.exit(build.status ?? 1)

const runtime = electronRuntime()
if (typeof runtime === 'string') openWindow(runtime)
else openBrowserDoor(runtime.reason)

/** Path of the Electron program, or why there is none. Its download is tried once, and given up after a while. */
function electronRuntime() {
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

function openWindow(program) {
  // In a checkout the engine runs under the project's own Node, whatever Electron has inside.
  const env = { ...process.env, PARALLAX_ENGINE_NODE: process.env.PARALLAX_ENGINE_NODE ?? process.execPath }
  const child = spawn(program, [root, ...args], { stdio: ['inherit', 'inherit', 'pipe'], env })
  const startedAt = performance.now()
  // What a window that never comes up says is told in one line instead.
  let said = ''
  let isUp = false
  child.stderr.on('data', (chunk) => (isUp ? process.stderr.write(chunk) : (said += chunk)))
  const timer = setTimeout(() => {
    isUp = true
    process.stderr.write(said)
  }, shortestLifeMs)
  let isOver = false
  const end = (status, signal) => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    const wasAsked = status === 0 || signal === 'SIGINT' || signal === 'SIGTERM'
    if (!wasAsked && performance.now() - startedAt < shortestLifeMs) {
      openBrowserDoor(reasonIn(said) ?? `Electron ended at once (${signal ?? `status ${status}`}).`)
      return
    }
    if (!isUp) process.stderr.write(said)
    process.exit(status ?? 1)
  }
  child.on('error', (error) => end(error.code ?? 'unknown'))
  child.on('exit', end)
  passSignals(child)
}

/** Why Electron did not come up, from what it said; `undefined` when it is none of the usual reasons. */
function reasonIn(text) {
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(text)?.[1]
  if (library) return `${library}, which Electron needs, is not installed.`
  if (/Running as root without --no-sandbox/.test(text)) return 'Electron does not run as root.'
  if (/Missing X server|cannot open display|Unable to open X display/i.test(text))
    return `no display answers at ${process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY}.`
  return undefined
}

function openBrowserDoor(reason) {
  process.stderr.write(`No window: ${reason} Opening the studio in the browser instead.\n`)
  const server = spawn(process.execPath, [join(root, 'src/main/hosts/cli/index.ts'), 'serve', ...args], {
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  server.stdout.on('data', (chunk) => {
    process.stdout.write(chunk)
    const address = /http:\/\/\S+/.exec(String(chunk))?.[0]
    if (address) openInBrowser(address)
  })
  server.on('exit', (status) => process.exit(status ?? 1))
  passSignals(server)
}

function openInBrowser(address) {
  const [program, ...rest] = { darwin: ['open', address], win32: ['explorer', address] }[
    process.platform
  ] ?? ['xdg-open', address]
  // Without a browser the printed address is enough.
  spawn(program, rest, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}

/** Lets a child decide about signals. Ctrl-C reaches it by itself. */
function passSignals(child) {
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
}
