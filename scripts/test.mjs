// Builds the program as users get it, runs every test, prints why tests were skipped, and ends with one plain line:
// "N passed, N failed, N skipped". Arguments are passed to vitest (file filters, -t name).
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const results = join(root, 'test-results/vitest.json')
mkdirSync(dirname(results), { recursive: true })
rmSync(results, { force: true })

const build = spawnSync(
  process.execPath,
  [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  },
)
if (build.status !== 0) process.exit(build.status ?? 1)

const args = [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${results}`,
  ...process.argv.slice(2),
]
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
  cwd: root,
  stdio: 'inherit',
})

const report = JSON.parse(readFileSync(results, 'utf8'))
const tests = report.testResults.flatMap((file) => file.assertionResults)
const count = (...states) => tests.filter((test) => states.includes(test.status)).length
const skipped = tests.filter(
  (test) => test.status === 'skipped' || test.status === 'pending' || test.status === 'todo',
)
const brokenFiles = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
)
if (skipped.length > 0) {
  process.stdout.write('\nSkipped (the name says what it needs):\n')
  for (const name of new Set(skipped.map((test) => test.fullName))) process.stdout.write(`  ${name}\n`)
}
process.stdout.write(
  `\n${count('passed')} passed, ${count('failed') + brokenFiles.length} failed, ${skipped.length} skipped\n`,
)
process.exit(status ?? 1)
