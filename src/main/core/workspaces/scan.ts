/** Looks through a workspace folder in the user's own layout and says what is there. Reads names, not contents. */
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import type { WorkspaceReport } from '../../../shared/contract/workspaces.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { fileNames, subFolders } from './folders.ts'

const dataFolder = 'data/preprocessed_data'
const imagePattern = /\.(jpe?g|png|bmp|webp)$/i

/**
 * @param benchmarkCounts finished benchmarks by `<evaluation run path>|<map>`.
 * @throws AppError when the folder is missing, a file, or not readable.
 */
export async function scanWorkspace(
  root: string,
  benchmarkCounts: Map<string, number>,
): Promise<WorkspaceReport> {
  const found = await stat(root).catch((error: unknown) => {
    throw toAppError(error, root)
  })
  if (!found.isDirectory())
    throw new AppError('usage', `${root} is a file.`, { hint: 'Choose the folder of the repository.' })
  const maps = await scanMaps(join(root, dataFolder))
  const [evaluationRuns, localizationRuns, configs, trainingRuns] = await Promise.all([
    scanEvaluationRuns(join(root, 'outputs_eval'), maps, benchmarkCounts),
    scanRunFolders(join(root, 'outputs_loc')),
    scanConfigs(root),
    scanTrainingRuns(root),
  ])
  const labBook = existsSync(join(root, 'record.md')) ? join(root, 'record.md') : undefined
  return {
    root,
    name: basename(root),
    openedAt: Date.now(),
    maps,
    evaluationRuns,
    localizationRuns: localizationRuns.map(({ path, experiment, timestamp }) => ({
      path,
      experiment,
      timestamp,
    })),
    configs,
    trainingRuns,
    ...(labBook === undefined ? {} : { labBook }),
    missing: missingParts(maps.length, evaluationRuns.length, labBook),
  }
}

function missingParts(
  maps: number,
  evaluationRuns: number,
  labBook: string | undefined,
): WorkspaceReport['missing'] {
  const missing: WorkspaceReport['missing'] = []
  if (maps === 0)
    missing.push({
      what: 'Ground truth',
      hint: `Put frames into ${dataFolder}/<map>/imgs, or name both folders on the Benchmark page.`,
    })
  if (evaluationRuns === 0)
    missing.push({
      what: 'Evaluation runs',
      hint: 'Write predictions to outputs_eval/<experiment>/test_<time>/gen_imgs/<map>.',
    })
  if (labBook === undefined)
    missing.push({ what: 'Lab book', hint: 'Keep a record.md in the folder to see experiments here.' })
  return missing
}

async function scanMaps(dataDir: string): Promise<WorkspaceReport['maps']> {
  const names = await foldersIn(dataDir)
  const maps = await Promise.all(
    names.map(async (map) => {
      const folder = join(dataDir, map)
      const referenceDir = join(folder, 'imgs')
      const files = await filesIn(folder)
      const radar = files.find((name) => name.includes('radar') && imagePattern.test(name))
      const splitFolder = (await foldersIn(folder)).find((name) => name.startsWith('splits'))
      const splits =
        splitFolder === undefined
          ? []
          : (await filesIn(join(folder, splitFolder))).map((name) => join(folder, splitFolder, name))
      const frames = await countImages(referenceDir)
      return {
        map,
        referenceDir,
        frames,
        splits,
        ...(radar === undefined ? {} : { radar: join(folder, radar) }),
      }
    }),
  )
  return maps.filter(({ frames, splits }) => frames > 0 || splits.length > 0)
}

type RunFolder = { path: string; experiment: string; timestamp: string }

/** Folders `<base>/<experiment>/test_<time>`; an experiment folder without such a level stands for itself. */
async function scanRunFolders(base: string): Promise<RunFolder[]> {
  const runs: RunFolder[] = []
  for (const experiment of await foldersIn(base)) {
    const times = (await foldersIn(join(base, experiment))).filter((name) =>
      /^(test|conti_video)_/.test(name),
    )
    if (times.length === 0) runs.push({ path: join(base, experiment), experiment, timestamp: experiment })
    for (const timestamp of times)
      runs.push({ path: join(base, experiment, timestamp), experiment, timestamp })
  }
  return runs
}

async function scanEvaluationRuns(
  base: string,
  maps: WorkspaceReport['maps'],
  counts: Map<string, number>,
): Promise<WorkspaceReport['evaluationRuns']> {
  const runs = await Promise.all(
    (await scanRunFolders(base)).map(async (run) => {
      const generated = join(run.path, 'gen_imgs')
      const names = await foldersIn(generated)
      // Early runs wrote pictures straight into gen_imgs.
      const folders =
        names.length > 0
          ? names.map((map) => ({ map, predictionDir: join(generated, map) }))
          : [{ map: '', predictionDir: generated }]
      const described = await Promise.all(
        folders.map(async ({ map, predictionDir }) => {
          const referenceDir = maps.find((known) => known.map === map)?.referenceDir
          const frames = await countImages(predictionDir)
          const benchmarked = counts.get(`${run.path}|${map}`) ?? 0
          return {
            map,
            predictionDir,
            frames,
            benchmarked,
            ...(referenceDir === undefined ? {} : { referenceDir }),
          }
        }),
      )
      return { ...run, maps: described.filter(({ frames }) => frames > 0) }
    }),
  )
  return runs.filter((run) => run.maps.length > 0).sort((a, b) => (a.timestamp < b.timestamp ? 1 : -1))
}

async function scanConfigs(root: string): Promise<string[]> {
  const configs: string[] = []
  for (const folder of ['csgo_configs', 'csgo_configs/test']) {
    const names = (await filesIn(join(root, folder))).filter((name) => /\.ya?ml$/.test(name))
    configs.push(...names.map((name) => relative(root, join(root, folder, name))))
  }
  return configs
}

async function scanTrainingRuns(root: string): Promise<WorkspaceReport['trainingRuns']> {
  const [logs, outputs] = [join(root, 'logs/csgo_1b'), join(root, 'outputs/csgo_1b')]
  const [withLogs, withOutputs] = await Promise.all([foldersIn(logs), foldersIn(outputs)])
  return Promise.all(
    [...new Set([...withLogs, ...withOutputs])].sort().map(async (experiment) => {
      const checkpoints = (await foldersIn(join(outputs, experiment)))
        .map((name) => /^checkpoint-(\d+)$/.exec(name)?.[1])
        .filter((step) => step !== undefined)
        .map(Number)
        .sort((a, b) => a - b)
      return {
        experiment,
        checkpoints,
        ...(withLogs.includes(experiment) ? { logDir: join(logs, experiment) } : {}),
        ...(withOutputs.includes(experiment) ? { outputDir: join(outputs, experiment) } : {}),
      }
    }),
  )
}

// A folder that is missing or closed simply holds nothing of interest.
const foldersIn = (path: string) => subFolders(path).catch((): string[] => [])
const filesIn = (path: string) => fileNames(path).catch((): string[] => [])

/** Pictures right in a folder; 0 when it cannot be read. */
export async function countImages(path: string): Promise<number> {
  return (await filesIn(path)).filter((name) => imagePattern.test(name)).length
}
