import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds the WebAssembly kernels once before any test file runs. */
export function setup(): void {
  const script = fileURLToPath(new URL('../scripts/buildKernels.mjs', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The kernels did not build:\n${stderr}`)
}
