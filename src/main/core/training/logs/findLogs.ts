import { opendir } from 'node:fs/promises'
import { basename, join } from 'node:path'

const skipped = new Set([
  '.git',
  'node_modules',
  '__pycache__',
  'site-packages',
  'data',
  'wandb',
  '.venv',
  'venv',
  'outputs_eval',
  'outputs_loc',
])
const maximumDepth = 8
const checkpointName = /^checkpoint-(\d+)$/

/**
 * Finds the logs of a workspace: `train.log` anywhere, `*.log` below a folder named `logs` (both also packed as `.gz`), Slurm's `*_logs/*.out` and
 * `*.err`, and of every output folder the newest `trainer_state.json` (the run's own, else of the greatest checkpoint).
 *
 * @returns absolute paths in a stable order. Folders that cannot be opened are left out.
 */
export async function findLogs(workspace: string, signal?: AbortSignal): Promise<string[]> {
  const found: string[] = []
  await walk(workspace, 0, false)
  return found.toSorted()

  async function walk(folder: string, depth: number, isInLogs: boolean): Promise<void> {
    signal?.throwIfAborted()
    const folders: string[] = []
    const checkpoints: { step: number; name: string }[] = []
    let hasState = false
    const isSlurm = /(^|_)logs$|^slurm/.test(basename(folder))
    const entries = await opendir(folder).catch(() => null)
    if (!entries) return
    for await (const entry of entries) {
      const { name } = entry
      if (entry.isDirectory()) {
        const step = checkpointName.exec(name)?.[1]
        if (step !== undefined) checkpoints.push({ step: Number(step), name })
        else if (!skipped.has(name) && depth < maximumDepth) folders.push(name)
      } else if (entry.isFile()) {
        if (name === 'trainer_state.json') hasState = true
        else if (
          /^train\.log(\.gz)?$/.test(name) ||
          (isInLogs && /\.log(\.gz)?$/.test(name)) ||
          (isSlurm && /\.(out|err)$/.test(name))
        )
          found.push(join(folder, name))
      }
    }
    if (hasState) found.push(join(folder, 'trainer_state.json'))
    else if (checkpoints.length > 0) await addNewestState(folder, checkpoints)
    for (const name of folders) await walk(join(folder, name), depth + 1, isInLogs || name === 'logs')
  }

  async function addNewestState(
    folder: string,
    checkpoints: { step: number; name: string }[],
  ): Promise<void> {
    for (const { name } of checkpoints.toSorted((a, b) => b.step - a.step)) {
      const entries = await opendir(join(folder, name)).catch(() => null)
      if (!entries) continue
      for await (const entry of entries) {
        if (entry.name === 'trainer_state.json') return void found.push(join(folder, name, entry.name))
      }
    }
  }
}
