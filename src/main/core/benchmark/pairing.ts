/** Which frames belong together: the same file name in the ground-truth and the prediction folder. */
import { readdir } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Coverage } from '../../../shared/contract/benchmark.ts'
import { toAppError } from '../../../shared/errors.ts'

const imageExtensions = new Set(['.jpg', '.jpeg', '.png', '.bmp', '.webp'])

export type Folder = {
  /** Names of picture files, in the order of Python's `sorted`. */
  images: string[]
  /** Names of everything else in the folder. */
  ignored: string[]
}

/**
 * Lists a folder of frames, not its sub-folders.
 *
 * @throws AppError when the folder is missing, is a file, or may not be read.
 */
export async function listFolder(path: string): Promise<Folder> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw toAppError(error, path)
  })
  const images: string[] = []
  const ignored: string[] = []
  for (const entry of entries) {
    const isImage = imageExtensions.has(extname(entry.name).toLowerCase()) && !entry.name.startsWith('._')
    if (isImage && !entry.isDirectory()) images.push(entry.name)
    else ignored.push(entry.name)
  }
  return { images: sortedByCodePoint(images), ignored: sortedByCodePoint(ignored) }
}

export type Pairing = {
  /** Names present in both folders, sorted; the order of all batches. */
  pairs: string[]
  missingPredictions: string[]
  unmatchedPredictions: string[]
  otherExtensions: string[]
  duplicateStems: string[]
  coverage: Coverage
}

/** Pairs two listed folders by full file name, extension included, as the reference scripts do. */
export function pairFolders(reference: Folder, prediction: Folder): Pairing {
  const inReference = new Set(reference.images)
  const inPrediction = new Set(prediction.images)
  const pairs = reference.images.filter((name) => inPrediction.has(name))
  const missingPredictions = reference.images.filter((name) => !inPrediction.has(name))
  const unmatchedPredictions = prediction.images.filter((name) => !inReference.has(name))
  const referenceStems = new Set(reference.images.map(stemOf))
  return {
    pairs,
    missingPredictions,
    unmatchedPredictions,
    otherExtensions: unmatchedPredictions.filter((name) => referenceStems.has(stemOf(name))),
    duplicateStems: [...duplicates(reference.images), ...duplicates(prediction.images)],
    coverage: {
      Coverage_GT: ratio(pairs.length, reference.images.length),
      Coverage_Pred: ratio(pairs.length, prediction.images.length),
      Common_Count: pairs.length,
      GT_Count: reference.images.length,
      Pred_Count: prediction.images.length,
    },
  }
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)
const stemOf = (name: string) => name.slice(0, name.length - extname(name).length)

function duplicates(names: readonly string[]): string[] {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const stem of names.map(stemOf)) (seen.has(stem) ? twice : seen).add(stem)
  return [...twice]
}

/** Python sorts text by code point, JavaScript by UTF-16 unit; they differ where a name has surrogates. */
function sortedByCodePoint(names: string[]): string[] {
  const hasSurrogates = names.some((name) => /[\ud800-\udfff]/.test(name))
  return hasSurrogates ? names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))) : names.sort()
}
