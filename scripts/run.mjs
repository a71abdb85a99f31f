// Entry of every npm script. On a fresh machine it installs the dependencies, then runs the wanted task with the
// Node that came with them (the npm package `node`), whatever the system's own version is.
// Usage: node scripts/run.mjs test|start|build|check|bench|parallax [arguments]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = join(root, 'node_modules/.bin')
const [task, ...args] = process.argv.slice(2)

ensureDependencies()
const env = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  NODE_NO_WARNINGS: '1',
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/parallax'),
}
const node = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
const run = (script, ...rest) => runNode([join(root, script), ...rest])
const tool = (file, ...rest) => runNode([join(root, 'node_modules', file), ...rest])

const tasks = {
  test: async () => {
    await run('scripts/buildKernels.mjs')
    await run('scripts/test.mjs', ...args)
  },
  parallax: async () => {
    await run('scripts/buildKernels.mjs')
    // The command line works in the folder the user called npm from.
    process.chdir(process.env.INIT_CWD ?? process.cwd())
    await run('src/main/hosts/cli/index.ts', ...args)
  },
  start: async () => {
    await run('scripts/buildKernels.mjs')
    await run('scripts/start.mjs', ...args)
  },
  build: async () => {
    await run('scripts/buildKernels.mjs', '--force')
    await tool('electron-vite/bin/electron-vite.js', 'build')
  },
  bench: async () => {
    await run('scripts/buildKernels.mjs')
    await run('bench/index.ts', ...args)
  },
  check: async () => {
    await tool('prettier/bin/prettier.cjs', '--check', '.')
    await tool('eslint/bin/eslint.js', '.')
    await tool('dependency-cruiser/bin/dependency-cruiser.mjs', '--config', '.dependency-cruiser.cjs', 'src')
    await run('scripts/buildKernels.mjs')
    await tool('typescript/bin/tsc', '-p', 'tsconfig.node.json')
    await tool('typescript/bin/tsc', '-p', 'tsconfig.web.json')
    await tasks.test()
  },
}

if (!Object.hasOwn(tasks, task ?? '')) {
  process.stderr.write(`Usage: node scripts/run.mjs ${Object.keys(tasks).join('|')}\n`)
  process.exit(2)
}
await tasks[task]()

/**
 * Runs a program with the project's own Node and ends with its exit status when that is not 0. Ctrl-C reaches the
 * program by itself (one terminal, one process group); this process waits for what the program makes of it.
 */
async function runNode(nodeArgs) {
  const child = spawn(node, nodeArgs, {
    stdio: 'inherit',
    env,
    cwd: task === 'parallax' ? process.cwd() : root,
  })
  const ignore = () => {}
  const end = () => child.kill('SIGTERM')
  process.on('SIGINT', ignore)
  process.on('SIGTERM', end)
  const status = await new Promise((resolve) =>
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1))),
  )
  process.off('SIGINT', ignore)
  process.off('SIGTERM', end)
  if (status !== 0) process.exit(status)
}

/** Installs what package-lock.json names, unless that very lock file was installed already. */
function ensureDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(root, 'node_modules/.parallax-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  process.stderr.write('Installing dependencies (once, about a minute)…\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status } = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    // npm passes its own script variables on; a nested npm must not take them for its own.
    env: Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('npm_lifecycle'))),
  })
  if (status !== 0) {
    process.stderr.write('The dependencies could not be installed. Is the npm registry reachable?\n')
    process.exit(1)
  }
  writeFileSync(stamp, lock)
}
