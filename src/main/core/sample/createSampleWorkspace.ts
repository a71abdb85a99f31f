/**
 * Makes a workspace to try everything on: two small maps in the user's own layout, two checkpoints of predictions of
 * clearly different quality, localization results, a lab book, and a trainer that needs nothing but Python.
 */
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { drawAll, throwIfCancelled, type DrawOptions } from './drawAll.ts'
import { thumbnailSize, type DrawRequest, type FrameTask } from './drawFrames.ts'
import { flawsOfClip, type Quality } from './flaws.ts'
import type { Level } from './level.ts'
import { sampleLevels } from './levels.ts'
import { localizationMetrics, localizationResults, type LocalizerKind, type ZRanges } from './localization.ts'
import { planMap, type MapPlan } from './plan.ts'
import type { SplitEntry, TrackFrame } from './tracks.ts'
import { writeLoggedRun, type LoggedRun } from './trainingLogs.ts'
import { layOut } from './world.ts'

export type SampleOptions = DrawOptions & {
  /** Predicted frames of each map and checkpoint, 12 to 5000 (default 60). Ground truth has about twice as many. */
  framesPerMap?: number
  /** One seed gives one workspace, file by file (default 14, whose walks show the most). */
  seed?: number
  /** Folder that holds `workspace`, the fixed files; default: `resources/sample` of this checkout. */
  resources?: string
}

export type SampleSummary = {
  root: string
  seed: number
  maps: { map: Level['map']; frames: number; predictedFrames: number }[]
  /** Prediction runs, worse first; `folder` is relative to the root, with `gen_imgs/<map>` in it. */
  runs: { name: string; folder: string; quality: Quality }[]
  localization: { name: string; folder: string; kind: LocalizerKind }[]
  /** Lab book, relative to the root. */
  record: string
}

const dataFolder = 'data/preprocessed_data'
const splitFolder = 'splits_20000_5000'
const predictionRuns = [
  { name: 'exp1_gen', folder: 'outputs_eval/exp1_gen/test_20260118_201530', quality: 'early' },
  { name: 'exp2_gen', folder: 'outputs_eval/exp2_gen/test_20260126_093012', quality: 'late' },
] as const
const localizationRuns = [
  {
    name: 'exp1_loc',
    folder: 'outputs_loc/exp1_loc/test_20260119_101502',
    kind: 'collapsed',
    checkpoint: 'outputs/csgo_1b/exp1/checkpoint-600/model.safetensors',
  },
  {
    name: 'exp2_loc',
    folder: 'outputs_loc/exp2_loc/test_20260126_113020',
    kind: 'healthy',
    checkpoint: 'outputs/csgo_1b/exp2/checkpoint-1200/model.safetensors',
  },
] as const
const loggedRuns: LoggedRun[] = [
  {
    experiment: 'exp1',
    startedAtMs: Date.UTC(2026, 0, 17, 19, 7, 2),
    pid: 241833,
    steps: 600,
    stepsPerEpoch: 60,
    learningRate: 1e-4,
    batchSize: 32,
    seed: 11,
  },
  {
    experiment: 'exp1_1',
    startedAtMs: Date.UTC(2026, 0, 20, 9, 41, 17),
    pid: 247190,
    steps: 600,
    stepsPerEpoch: 60,
    learningRate: 1e-3,
    batchSize: 32,
    stallsAtStep: 152,
    divergesAtStep: 241,
    seed: 12,
  },
]

/**
 * Writes the sample workspace into `root`, which must not exist or be empty. When it fails or is cancelled, what was
 * written is removed again.
 *
 * @throws AppError `usage` for options out of range, `conflict` when the folder has files, `cancelled` by the signal.
 */
export async function createSampleWorkspace(
  root: string,
  options: SampleOptions = {},
): Promise<SampleSummary> {
  const { framesPerMap = 60, seed = 14, signal } = options
  if (!Number.isInteger(framesPerMap) || framesPerMap < 12 || framesPerMap > 5000) {
    throw new AppError('usage', `A sample needs 12 to 5000 frames per map, not ${framesPerMap}.`)
  }
  if (!Number.isSafeInteger(seed))
    throw new AppError('usage', `The seed must be a whole number, not ${seed}.`)
  throwIfCancelled(signal)
  await claimFolder(root)
  try {
    return await writeEverything(root, framesPerMap, seed, options)
  } catch (caught) {
    for (const name of await readdir(root).catch(() => []))
      await rm(join(root, name), { recursive: true, force: true })
    throw toAppError(caught, root)
  }
}

async function claimFolder(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true })
    if ((await readdir(root)).length === 0) return
  } catch (caught) {
    throw toAppError(caught, root)
  }
  throw new AppError('conflict', `${root} already has files in it.`, {
    hint: 'Choose a new folder for the sample workspace, or empty this one.',
  })
}

async function writeEverything(
  root: string,
  framesPerMap: number,
  seed: number,
  options: SampleOptions,
): Promise<SampleSummary> {
  const resources =
    options.resources ?? fileURLToPath(new URL('../../../../resources/sample', import.meta.url))
  await cp(join(resources, 'workspace'), root, { recursive: true })
  const maps: SampleSummary['maps'] = []
  const plans: { level: Level; plan: MapPlan }[] = []
  const requests: DrawRequest[] = []
  for (const level of sampleLevels) {
    const terrain = layOut(level)
    const plan = planMap(terrain, framesPerMap, seed)
    await writeMapFiles(root, level, plan)
    const predictions: FrameTask[] = []
    for (const run of predictionRuns) {
      const folder = join(root, run.folder, 'gen_imgs', level.map)
      await mkdir(folder, { recursive: true })
      for (const [clip, frames] of plan.clips.entries()) {
        const flaws = flawsOfClip(terrain, frames, clip, run.quality, seed)
        for (const [i, frame] of frames.entries()) {
          const name = frame.entry.file_frame
          if (plan.unpredicted.has(name)) continue
          predictions.push({ name, file: join(folder, `${name}.jpg`), flaws: flaws[i]! })
        }
      }
    }
    const groundTruth = framesOf(plan).map(({ eye, entry }) => ({
      name: entry.file_frame,
      file: join(root, dataFolder, level.map, 'imgs', `${entry.file_frame}.jpg`),
      eye,
    }))
    const radar = {
      name: 'radar',
      file: join(root, dataFolder, level.map, level.radarFile),
      isRadar: true,
    } as const
    requests.push({ map: level.map, tasks: [radar, ...groundTruth, ...predictions] })
    plans.push({ level, plan })
    maps.push({
      map: level.map,
      frames: groundTruth.length,
      predictedFrames: predictions.length / predictionRuns.length,
    })
    throwIfCancelled(options.signal)
  }
  const localization = await writeLocalization(
    root,
    plans.map(({ plan }) => plan),
    seed,
  )
  await writeLogs(root)
  const thumbnails = await drawAll(requests, options)
  for (const [i, { level, plan }] of plans.entries()) await writeThumbnails(root, level, plan, thumbnails[i]!)
  return {
    root,
    seed,
    maps,
    runs: predictionRuns.map((run) => ({ ...run })),
    localization,
    record: 'record.md',
  }
}

const framesOf = (plan: MapPlan): TrackFrame[] => [...plan.train, ...plan.test, ...plan.clips.flat()]
const entriesOf = (frames: TrackFrame[]): SplitEntry[] => frames.map(({ entry }) => entry)
const writeJson = (file: string, value: unknown) => writeFile(file, JSON.stringify(value, null, 4) + '\n')

async function writeMapFiles(root: string, level: Level, plan: MapPlan): Promise<void> {
  const folder = join(root, dataFolder, level.map)
  await mkdir(join(folder, 'imgs'), { recursive: true })
  await mkdir(join(folder, splitFolder))
  await writeJson(join(folder, splitFolder, 'train_split.json'), entriesOf(plan.train))
  await writeJson(join(folder, splitFolder, 'test_split.json'), entriesOf(plan.test))
  await writeJson(join(folder, splitFolder, 'continuous_unseen_clips.json'), entriesOf(plan.clips.flat()))
}

/** What the sample trainer reads instead of JPEG files: `frames` maps a frame to base64 RGB bytes, row by row. */
async function writeThumbnails(
  root: string,
  level: Level,
  plan: MapPlan,
  drawn: Map<string, Uint8Array>,
): Promise<void> {
  const frames = Object.fromEntries(
    framesOf(plan).map(({ entry }) => [
      entry.file_frame,
      Buffer.from(drawn.get(entry.file_frame)!).toString('base64'),
    ]),
  )
  await writeJson(join(root, dataFolder, level.map, 'thumbnails_16x12.json'), { ...thumbnailSize, frames })
}

async function writeLocalization(
  root: string,
  plans: MapPlan[],
  seed: number,
): Promise<SampleSummary['localization']> {
  const zRanges: ZRanges = {}
  for (const { train } of plans) {
    const heights = train.map(({ entry }) => entry.z)
    zRanges[train[0]!.entry.map] = { min: Math.min(...heights), max: Math.max(...heights) }
  }
  const tests = plans.flatMap((plan) => entriesOf(plan.test))
  const clips = plans.flatMap((plan) => entriesOf(plan.clips.flat()))
  for (const [i, run] of localizationRuns.entries()) {
    const folder = join(root, run.folder)
    await mkdir(folder, { recursive: true })
    const results = localizationResults(tests, zRanges, run.kind, seed + i)
    await writeJson(join(folder, 'loc_results.json'), results)
    await writeJson(join(folder, 'loc_metrics.json'), localizationMetrics(results, run.checkpoint))
    const continuous = localizationResults(clips, zRanges, run.kind, seed + 100 + i)
    const sourced = continuous.map((result) => ({ ...result, source_split: 'continuous_unseen_clips.json' }))
    await writeJson(join(folder, 'conti_loc_results.json'), sourced)
  }
  return localizationRuns.map(({ name, folder, kind }) => ({ name, folder, kind }))
}

async function writeLogs(root: string): Promise<void> {
  for (const run of loggedRuns) {
    const { log, trainerState } = writeLoggedRun(run)
    const time = new Date(run.startedAtMs).toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15)
    const folder = join(root, 'logs/csgo_1b', run.experiment, `train_${time}`)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'train.log'), log)
    if (run.divergesAtStep !== undefined) continue
    const output = join(root, 'outputs/csgo_1b', run.experiment)
    await mkdir(output, { recursive: true })
    await writeFile(join(output, 'trainer_state.json'), trainerState)
  }
}
