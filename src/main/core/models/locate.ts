/** Finds the files of a model among the candidates: by name, by size, and always by the hash of their content. */
import { AppError } from '../../../shared/errors.ts'
import { sha256OfWeights } from '../checkpoints/contentHash.ts'
import type { HashCache } from './hashCache.ts'
import type { ImportRecord } from './imports.ts'
import type { Model, ModelFile } from './manifest.ts'
import type { Candidate, PlaceKind } from './searchPlaces.ts'

/** A file that holds a model. `file` is its entry in the manifest; imported files of other origin have none. */
export type FoundModel = {
  path: string
  place: PlaceKind
  size: number
  sha256: string
  file: ModelFile | undefined
}
/** A file that has a model's name but not its content. `reason` is a whole sentence. */
export type RefusedFile = { path: string; reason: string }
export type Located = { found: FoundModel[]; refused: RefusedFile[] }

/**
 * Looks for a model. The official file comes first, then its accepted substitutes, then imported files.
 *
 * @param imports files whose content was recognised by its tensors when it was imported.
 */
export async function locate(
  model: Model,
  candidates: readonly Candidate[],
  imports: readonly ImportRecord[],
  cache: HashCache,
): Promise<Located> {
  const located: Located = { found: [], refused: [] }
  for (const file of model.files) {
    for (const candidate of candidates) {
      const hasName = candidate.name === file.name || file.otherNames.includes(candidate.name)
      const mayMatch = candidate.isFolder === file.isFolder && (hasName || candidate.size === file.size)
      if (!mayMatch) continue
      const outcome = await examine(candidate, file, cache)
      if (typeof outcome === 'object') located.found.push(outcome)
      else if (hasName) located.refused.push({ path: candidate.path, reason: outcome })
    }
  }
  for (const record of imports) {
    const candidate = candidates.find(({ path }) => path === record.path)
    if (record.model !== model.id || candidate === undefined) continue
    const sha256 = await hashOf(candidate, cache)
    if (sha256 === record.sha256)
      located.found.push({
        path: candidate.path,
        place: candidate.place,
        size: candidate.size,
        sha256,
        file: undefined,
      })
    else
      located.refused.push({
        path: candidate.path,
        reason: `${candidate.path} was refused: it has changed since it was imported.`,
      })
  }
  return located
}

/** The hash of a candidate, remembered by path, size and time of change (a folder has no such stamp). */
export async function hashOf(candidate: Candidate, cache: HashCache, signal?: AbortSignal): Promise<string> {
  if (candidate.isFolder) return sha256OfWeights(candidate.path, { signal })
  const known = cache.get(candidate.path, candidate.size, candidate.modifiedMs)
  if (known !== undefined) return known
  const sha256 = await sha256OfWeights(candidate.path, { signal })
  cache.set(candidate.path, candidate.size, candidate.modifiedMs, sha256)
  return sha256
}

/** The candidate as the file's content, or why it is not. A wrong size is told without reading the file. */
async function examine(
  candidate: Candidate,
  file: ModelFile,
  cache: HashCache,
): Promise<FoundModel | string> {
  if (candidate.size !== file.size) {
    return `${candidate.path} was refused: it has ${candidate.size} bytes where ${file.name} has ${file.size} (cut off during a download?).`
  }
  try {
    const sha256 = await hashOf(candidate, cache)
    if (sha256 !== file.sha256) {
      return `${candidate.path} was refused: its SHA-256 begins with ${sha256.slice(0, 8)} where ${file.name} has ${file.sha256.slice(0, 8)}.`
    }
    return { path: candidate.path, place: candidate.place, size: candidate.size, sha256, file }
  } catch (caught) {
    if (caught instanceof AppError) return caught.message
    throw caught
  }
}
