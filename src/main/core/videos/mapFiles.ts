/** What the radar panel needs of a map: its name, its picture, its poses. */
import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { radarFileOf } from '../../../shared/domain/radarFiles.ts'
import { AppError } from '../../../shared/errors.ts'
import { readPoses, type Pose } from './poses.ts'

const splitFolder = 'splits_20000_5000'
/** Later ones win, as in the user's scripts; the training split only fills gaps. */
const splitFiles = ['train_split.json', 'test_split.json', 'continuous_unseen_clips.json']

export type MapRequest = {
  /** Absolute paths. */
  workspace: string
  predictionDir: string
  referenceDir: string
  dataDir: string
  map?: string
  mapImage?: string
  poseFiles: readonly string[]
}

export type MapFiles = {
  map: string
  /** `undefined` when the map has no picture; the path is then drawn on a grid. */
  imageFile: string | undefined
  /** By frame name. */
  poses: Map<string, Pose>
  /** Everything that was read, for the identity of clips. */
  files: string[]
  warnings: string[]
}

/**
 * Finds the map's picture and poses.
 *
 * @throws AppError `not-found` when a file given by name is missing, or when there are no poses at all.
 */
export async function findMapFiles(request: MapRequest): Promise<MapFiles> {
  const map = request.map ?? mapOfFolders(request.predictionDir, request.referenceDir)
  const folders = [join(request.dataDir, map), dirname(request.referenceDir)]
  const warnings: string[] = []

  let imageFile = request.mapImage
  if (imageFile !== undefined) await requireFile(imageFile)
  else imageFile = await firstFile(folders.map((folder) => join(folder, radarFileOf(map))))
  if (imageFile === undefined) {
    warnings.push(`Map image not found: ${join(folders[0], radarFileOf(map))}. The path is drawn on a grid.`)
  }

  const poseFiles = [...request.poseFiles]
  for (const file of poseFiles) await requireFile(file)
  if (poseFiles.length === 0) {
    for (const name of splitFiles) {
      const file = await firstFile(folders.map((folder) => join(folder, splitFolder, name)))
      if (file !== undefined) poseFiles.push(file)
    }
  }
  if (poseFiles.length === 0) {
    throw new AppError(
      'not-found',
      `No poses were found for ${map}: ${join(folders[0], splitFolder)} holds none of ${splitFiles.join(', ')}.`,
      {
        hint: 'Give the split file with --pose_json, or the folder of the maps with --data_dir.',
      },
    )
  }
  const poses = await readPoses(poseFiles, map)
  return {
    map,
    imageFile,
    poses,
    files: [...poseFiles, ...(imageFile === undefined ? [] : [imageFile])],
    warnings,
  }
}

/** The map a folder belongs to: the prediction folder's name, else `<map>/imgs`, else the ground-truth folder's name. */
export function mapOfFolders(predictionDir: string, referenceDir: string | undefined): string {
  const prediction = basename(resolve(predictionDir))
  if (/^(de|cs)_/.test(prediction) || referenceDir === undefined) return prediction
  const reference = resolve(referenceDir)
  return basename(reference) === 'imgs' ? basename(dirname(reference)) : basename(reference)
}

async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isFile(path)) return path
  return undefined
}

async function requireFile(path: string): Promise<void> {
  if (!(await isFile(path)))
    throw new AppError('not-found', `${path} does not exist.`, {
      hint: 'Check the path for a typing mistake.',
    })
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
