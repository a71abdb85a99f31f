import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
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
/** Listing a folder is nearly all waiting, for the disk or for the thread that asks it. */
const foldersAtOnce = 16
const checkpointName = /^checkpoint-(\d+)$/

/** `isInLogs`: it lies below a folder named `logs`. */
type Folder = { path: string; isInLogs: boolean }

/**
 * Finds the logs of a workspace: `train.log` anywhere, `*.log` below a folder named `logs` (both also packed as `.gz`), Slurm's `*_logs/*.out` and
 * `*.err`, and of every output folder the newest `trainer_state.json` (the run's own, else of the greatest checkpoint).
 *
 * @returns absolute paths in a stable order. Folders that cannot be opened are left out.
 */
export async function findLogs(workspace: string, signal?: AbortSignal): Promise<string[]> {
  const found: string[] = []
  let level: Folder[] = [{ path: workspace, isInLogs: false }]
  for (let depth = 0; level.length > 0; depth++) {
    const below: Folder[] = []
    for (let at = 0; at < level.length; at += foldersAtOnce) {
      signal?.throwIfAborted()
      await Promise.all(level.slice(at, at + foldersAtOnce).map((folder) => visit(folder, below)))
    }
    level = depth < maximumDepth ? below : []
  }
  return found.toSorted()

  /** Notes the logs of a folder, and in `below` the folders in it that may have some. */
  async function visit({ path: folder, isInLogs }: Folder, below: Folder[]): Promise<void> {
    const checkpoints: { step: number; name: string }[] = []
    let hasState = false
    const isSlurm = /(^|_)logs$|^slurm/.test(basename(folder))
    for (const entry of await entriesOf(folder)) {
      const { name } = entry
      if (entry.isDirectory()) {
        const step = checkpointName.exec(name)?.[1]
        if (step !== undefined) checkpoints.push({ step: Number(step), name })
        else if (!skipped.has(name))
          below.push({ path: join(folder, name), isInLogs: isInLogs || name === 'logs' })
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
  }

  async function addNewestState(
    folder: string,
    checkpoints: { step: number; name: string }[],
  ): Promise<void> {
    for (const { name } of checkpoints.toSorted((a, b) => b.step - a.step)) {
      const entries = await entriesOf(join(folder, name))
      if (entries.some((entry) => entry.name === 'trainer_state.json'))
        return void found.push(join(folder, name, 'trainer_state.json'))
    }
  }
}

/** What lies in a folder; nothing where it cannot be opened. */
const entriesOf = (folder: string): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch(() => [])
