/** The checkpoints of a run's output folders: what is there, what is missing, what the next save deletes. */
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Checkpoint, CheckpointFolder, LogFacts } from '../../../../shared/contract/training.ts'

const checkpointName = /^checkpoint-(\d+)$/
/** Appended to the output folder after the log folder was named. */
const suffixes = ['_resume_from_checkpoint-', '_initbase_', '_initgen_', '_initloc_']
const modelFile =
  /^(model.*\.safetensors(\.index\.json)?|pytorch_model.*\.bin(\.index\.json)?|adapter_model\.(safetensors|bin))$/
const reportedGaps = 1000

/** The folder itself and those named after it with a resume or init suffix, if they exist. Absolute paths. */
export async function outputFolders(outputDir: string): Promise<string[]> {
  const parent = dirname(outputDir)
  const name = basename(outputDir)
  const siblings = await readdir(parent, { withFileTypes: true }).catch(() => [])
  return siblings
    .filter(
      (entry) =>
        entry.isDirectory() &&
        (entry.name === name || suffixes.some((suffix) => entry.name.startsWith(name + suffix))),
    )
    .map((entry) => join(parent, entry.name))
    .toSorted()
}

/**
 * Lists the checkpoints of one output folder, by step.
 *
 * @param facts of the run's newest log, for save_steps and save_total_limit; values of resumed runs may differ from those on disk.
 * @param lastStep the newest step in the log, for when the next save is due.
 * @param hasEnded whether the run is over as planned: then nothing is saved or deleted any more.
 * @param bestCheckpoint best_model_checkpoint of the trainer's state, which HF never deletes.
 */
export async function readCheckpoints(
  outputDir: string,
  options: {
    facts?: LogFacts
    lastStep?: number | null
    bestCheckpoint?: string | null
    hasEnded?: boolean
  } = {},
): Promise<CheckpointFolder> {
  const names = await readdir(outputDir).catch(() => [])
  const args = options.facts?.trainingArgs ?? {}
  const saveSteps = positiveInteger(args['save_steps'])
  const isByEpoch = /EPOCH/i.test(args['save_strategy'] ?? '')
  const saveTotalLimit = positiveInteger(args['save_total_limit'])
  const found = await Promise.all(
    names.filter((name) => checkpointName.test(name)).map((name) => describe(join(outputDir, name))),
  )
  const checkpoints = found.filter((entry) => entry !== null).toSorted((a, b) => a.step - b.step)
  const latest = checkpoints.at(-1)
  if (latest) latest.isLatest = true
  const willGoOn = options.hasEnded !== true
  for (const doomed of willGoOn
    ? nextDeleted(checkpoints, saveTotalLimit, options.bestCheckpoint ?? null)
    : [])
    doomed.willBeDeleted = true
  const useSteps = saveSteps !== null && !isByEpoch
  const reached = Math.max(options.lastStep ?? 0, latest?.step ?? 0)
  return {
    outputDir,
    checkpoints,
    saveSteps: isByEpoch ? null : saveSteps,
    saveTotalLimit,
    gaps: useSteps && latest ? gapsBefore(latest.step, saveSteps, checkpoints) : [],
    isByEpoch,
    nextSaveStep: useSteps && willGoOn ? (Math.floor(reached / saveSteps) + 1) * saveSteps : null,
    hasFinalModel: names.some((name) => modelFile.test(name)),
  }
}

/**
 * What HF's Trainer deletes after the next save (transformers 4.57, `_rotate_checkpoints`): it sorts by time of
 * modification (by step where the times are within a second), and removes the oldest above the limit, never the best.
 */
function nextDeleted(checkpoints: Checkpoint[], limit: number | null, best: string | null): Checkpoint[] {
  if (limit === null) return []
  const times = checkpoints.map(({ modifiedAt }) => modifiedAt)
  const hasTimes = Math.max(...times) - Math.min(...times) >= 1000
  const ordered = hasTimes ? checkpoints.toSorted((a, b) => a.modifiedAt - b.modifiedAt) : checkpoints
  const isBest = (checkpoint: Checkpoint) => best !== null && basename(checkpoint.path) === basename(best)
  const kept = limit === 1 && ordered.some(isBest) ? 2 : limit
  return ordered.filter((checkpoint) => !isBest(checkpoint)).slice(0, Math.max(0, ordered.length + 1 - kept))
}

function gapsBefore(latest: number, saveSteps: number, checkpoints: readonly Checkpoint[]): number[] {
  const present = new Set(checkpoints.map(({ step }) => step))
  const gaps: number[] = []
  for (let step = saveSteps; step < latest && gaps.length < reportedGaps; step += saveSteps)
    if (!present.has(step)) gaps.push(step)
  return gaps
}

async function describe(path: string): Promise<Checkpoint | null> {
  // Pruning may remove the folder while it is being read.
  const facts = await stat(path).catch(() => null)
  if (!facts?.isDirectory()) return null
  const names = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    names
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  )
  const top = new Set(names.filter((entry) => entry.parentPath === path).map(({ name }) => name))
  const hasModel = [...top].some((name) => modelFile.test(name))
  const hasTrainerState = top.has('trainer_state.json')
  // A file of its own, or DeepSpeed's folder of shards.
  const hasOptimizer = [...top].some((name) => /^optimizer\.\w+$|^global_step\d+$/.test(name))
  return {
    path,
    step: Number(checkpointName.exec(basename(path))![1]),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    modifiedAt: facts.mtimeMs,
    hasModel,
    hasTrainerState,
    canResume: hasModel && hasTrainerState && hasOptimizer,
    willBeDeleted: false,
    isLatest: false,
  }
}

function positiveInteger(text: string | undefined): number | null {
  const value = Number(text)
  return text !== undefined && Number.isInteger(value) && value > 0 ? value : null
}
