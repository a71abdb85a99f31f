/** Which folders a request means: maps are filled in, and the ground truth of an evaluation run is found. */
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname, extname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path'
import type { BenchmarkRequest } from '../../../shared/contract/benchmark.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { subFolders } from '../workspaces/folders.ts'

/** One map of one evaluation run: two folders, or feature statistics (`.npz`) in place of either. */
export type Target = {
  map: string
  reference: string
  prediction: string
  /** Folder above `gen_imgs`, or the prediction folder itself. */
  evaluationRoot: string
  experiment: string
  timestamp: string
}

const mapPlaceholder = '{map}'
const generatedFolder = 'gen_imgs'

/**
 * Resolves a request to its targets, one per map, in order of map names.
 *
 * @throws AppError `usage` when the request names neither folders nor a run, `not-found` when nothing is there.
 */
export async function findTargets(request: BenchmarkRequest): Promise<Target[]> {
  const inWorkspace = (path: string) =>
    isAbsolute(path) ? normalize(path) : resolve(request.workspace, path)
  if (request.run !== undefined) {
    return targetsOfRun(inWorkspace(request.run), inWorkspace(request.dataDir), request.maps)
  }
  if (request.reference === undefined || request.prediction === undefined) {
    throw new AppError('usage', 'A benchmark needs ground truth and predictions.', {
      hint: 'Give --gt DIR and --pred DIR, or --run with an evaluation run of the workspace.',
    })
  }
  const reference = inWorkspace(request.reference)
  const prediction = inWorkspace(request.prediction)
  if (!prediction.includes(mapPlaceholder)) {
    await Promise.all([requireSource(reference), requireSource(prediction)])
    return [describeTarget(reference, prediction, request.maps?.[0])]
  }
  const maps = request.maps ?? (await mapsBehind(prediction))
  const targets = maps.map((map) => describeTarget(fill(reference, map), fill(prediction, map), map))
  for (const target of targets)
    await Promise.all([requireSource(target.reference), requireSource(target.prediction)])
  if (targets.length === 0)
    throw new AppError('not-found', `No map folder matches ${prediction}.`, {
      hint: 'Name the maps with --maps.',
    })
  return targets
}

/** Whether a side is a file of feature statistics instead of a folder of frames. */
export const isStatistics = (path: string) => extname(path).toLowerCase() === '.npz'

async function targetsOfRun(run: string, dataDir: string, maps: string[] | undefined): Promise<Target[]> {
  await requireFolder(run)
  const generated =
    basename(run) === generatedFolder
      ? run
      : existsSync(join(run, generatedFolder))
        ? join(run, generatedFolder)
        : run
  const present = maps ?? (await foldersIn(generated))
  const targets = present
    .map((map) => describeTarget(join(dataDir, map, 'imgs'), join(generated, map), map))
    .filter(({ prediction }) => existsSync(prediction))
  const usable = targets.filter(({ reference }) => existsSync(reference))
  if (usable.length > 0) return usable
  throw new AppError('not-found', `No ground truth was found for the maps of ${run}.`, {
    hint: `Expected ${join(dataDir, targets[0]?.map ?? '<map>', 'imgs')}. Name it with --gt, or the data folder with --data_dir.`,
  })
}

async function mapsBehind(pattern: string): Promise<string[]> {
  const parts = pattern.split(sep)
  const at = parts.findIndex((part) => part.includes(mapPlaceholder))
  const parent = parts.slice(0, at).join(sep) || sep
  const rest = parts.slice(at + 1).join(sep)
  const [before, after] = parts[at].split(mapPlaceholder)
  const names = (await foldersIn(parent)).filter((name) => name.startsWith(before) && name.endsWith(after))
  return names
    .map((name) => name.slice(before.length, name.length - after.length))
    .filter((map) => existsSync(join(parent, fill(parts[at], map), rest)))
}

const fill = (path: string, map: string) => path.replaceAll(mapPlaceholder, map)

const foldersIn = (path: string): Promise<string[]> =>
  subFolders(path).catch((error: unknown) => {
    throw toAppError(error, path)
  })

async function requireSource(path: string): Promise<void> {
  if (!isStatistics(path)) return requireFolder(path)
  await stat(path).catch((error: unknown) => {
    throw toAppError(error, path)
  })
}

async function requireFolder(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw toAppError(error, path)
  })
  if (!found.isDirectory()) {
    throw new AppError('usage', `${path} is a file where a folder is needed.`, {
      hint: 'Give the folder that holds the frames.',
    })
  }
}

/**
 * Names a target the way `benchmark_csgo_v1.py` does: the evaluation root is the folder above `gen_imgs`, the
 * experiment the folder above that; the map is named, or the prediction folder, or the parent of `imgs`.
 */
function describeTarget(reference: string, prediction: string, map: string | undefined): Target {
  const parts = prediction.split(sep)
  const at = parts.lastIndexOf(generatedFolder)
  const evaluationRoot = at > 0 ? parts.slice(0, at).join(sep) : prediction
  const timestamp = basename(evaluationRoot)
  return {
    map: map ?? inferMap(reference, prediction),
    reference,
    prediction,
    evaluationRoot,
    experiment: basename(dirname(evaluationRoot)),
    timestamp,
  }
}

function inferMap(reference: string, prediction: string): string {
  const ofReference = basename(reference) === 'imgs' ? basename(dirname(reference)) : basename(reference)
  const ofPrediction = basename(prediction)
  return ofPrediction === generatedFolder || isStatistics(prediction) ? ofReference : ofPrediction
}

/** A path as a person would write it: relative to the workspace when it lies inside. */
export function shortPath(path: string, workspace: string): string {
  const short = relative(workspace, path)
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short
}
