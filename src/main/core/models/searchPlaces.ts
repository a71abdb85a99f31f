/** Where weights may lie on this machine: the studio's folder, the user's folders, and the caches of other programs. */
import { readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, delimiter, join, resolve } from 'node:path'
import { layerIndexName } from '../checkpoints/layerFolder.ts'
import type { Manifest } from './manifest.ts'

export type PlaceKind = 'model-folder' | 'model-path' | 'torch-cache' | 'hugging-face-cache'

/** A file that may hold weights, or a folder of raw layers (`size` and `modifiedMs` are then those of its index). */
export type Candidate = {
  path: string
  name: string
  isFolder: boolean
  size: number
  modifiedMs: number
  place: PlaceKind
}

/** Environment variables that name folders; `process.env` in the product. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Levels of folders that are looked through below a folder of the user. */
const maxDepth = 3
/** Entries looked at below one folder: somebody may name a folder with a million frames in it. */
const maxEntries = 20_000

/** The folders of `PARALLAX_MODEL_PATH`, absolute. */
export function modelPathFolders(environment: Environment): string[] {
  const value = environment['PARALLAX_MODEL_PATH'] ?? ''
  return value
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => resolve(folder))
}

/** All candidates in the order in which they are preferred. Folders that do not exist are passed over. */
export function findCandidates(
  modelFolder: string,
  manifest: Manifest,
  environment: Environment,
): Candidate[] {
  const repositories = new Set(
    manifest.models.flatMap(({ files }) => files.flatMap(({ huggingFace }) => huggingFace ?? [])),
  )
  const cache = hubFolder(environment)
  return [
    ...walk(modelFolder, 'model-folder'),
    ...modelPathFolders(environment).flatMap((folder) => walk(folder, 'model-path')),
    ...walk(torchFolder(environment), 'torch-cache'),
    ...[...repositories].flatMap((repository) =>
      walk(join(cache, `models--${repository.replace('/', '--')}`, 'snapshots'), 'hugging-face-cache'),
    ),
  ]
}

/** torch's download folder: https://pytorch.org/docs/stable/hub.html#where-are-my-downloaded-models-saved */
function torchFolder(environment: Environment): string {
  const home =
    environment['TORCH_HOME'] ??
    join(environment['XDG_CACHE_HOME'] ?? join(homeOf(environment), '.cache'), 'torch')
  return join(home, 'hub', 'checkpoints')
}

/** The Hugging Face hub cache: https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables */
function hubFolder(environment: Environment): string {
  const named = environment['HF_HUB_CACHE'] ?? environment['HUGGINGFACE_HUB_CACHE']
  if (named !== undefined) return named
  const home =
    environment['HF_HOME'] ??
    join(environment['XDG_CACHE_HOME'] ?? join(homeOf(environment), '.cache'), 'huggingface')
  return join(home, 'hub')
}

const homeOf = (environment: Environment): string =>
  environment['HOME'] ?? environment['USERPROFILE'] ?? homedir()

/** Files below a folder (or the file itself), sorted by path; links are followed. */
function walk(root: string, place: PlaceKind): Candidate[] {
  const found: Candidate[] = []
  let entries = 0
  const visit = (path: string, depth: number): void => {
    if (++entries > maxEntries) return
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return
    if (stats.isFile()) {
      if (path.endsWith('.part')) return // a download that is not finished
      found.push({
        path,
        name: basename(path),
        isFolder: false,
        size: stats.size,
        modifiedMs: stats.mtimeMs,
        place,
      })
      return
    }
    if (!stats.isDirectory() || depth > maxDepth) return
    const names = readdirSync(path).sort()
    if (names.includes(layerIndexName)) {
      const index = statSync(join(path, layerIndexName))
      found.push({
        path,
        name: basename(path),
        isFolder: true,
        size: index.size,
        modifiedMs: index.mtimeMs,
        place,
      })
      return
    }
    for (const name of names) visit(join(path, name), depth + 1)
  }
  try {
    visit(root, 0)
  } catch {
    // A folder that may not be read holds nothing for us; the sentence on the missing model names where to put it.
  }
  return found
}
