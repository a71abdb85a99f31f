/**
 * Feature statistics in the `.npz` files of pytorch-fid and clean-fid: `mu` (D) and `sigma` (D x D) of the features of a
 * set of pictures. The files do not say how many pictures they describe or which network made them.
 */
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { AppError, toAppError } from '../../../../shared/errors.ts'
import { covarianceOf, type FeatureStatistics } from './statistics.ts'
import { readNpy, writeNpy, type NumpyArray } from './npy.ts'
import { readZipEntries, writeZip } from './zip.ts'

/** Four times the largest features in use (2048), in float64, and room for the header. */
const largestDimension = 8192
const largestBytes = largestDimension ** 2 * 8 + 65_536
/** Relative difference of mirrored entries that rounding explains. */
const symmetryTolerance = 1e-4

/**
 * Reads statistics. Entries may be stored or deflated, float32 or float64, in C or Fortran order.
 *
 * @throws AppError `unreadable` when the file is no such archive or its numbers are no statistics, and the code of the
 * system's error when it cannot be opened
 */
export function readStatistics(path: string): FeatureStatistics {
  let archive: Buffer
  try {
    if (statSync(path).size > 2 * largestBytes) throw unreadable(path, 'is larger than statistics can be')
    archive = readFileSync(path)
  } catch (caught) {
    throw toAppError(caught, path)
  }
  try {
    return statisticsOf(readZipEntries(archive, ['mu.npy', 'sigma.npy'], largestBytes))
  } catch (caught) {
    throw unreadable(
      path,
      caught instanceof Error && !('code' in caught) ? caught.message : 'holds damaged data',
    )
  }
}

function statisticsOf(entries: Map<string, Buffer>): FeatureStatistics {
  const mu = arrayOf(entries, 'mu')
  const sigma = arrayOf(entries, 'sigma')
  const dimension = mu.shape[0]!
  if (mu.shape.length !== 1 || dimension < 1)
    throw new Error(`has mu of shape (${mu.shape.join(', ')}), not one row`)
  if (sigma.shape.length !== 2 || sigma.shape.some((side) => side !== dimension)) {
    throw new Error(
      `has sigma of shape (${sigma.shape.join(', ')}), which does not fit mu of ${dimension} values`,
    )
  }
  requireCovariance(sigma.values, dimension)
  const matrix = { rows: dimension, columns: dimension, values: sigma.values }
  return { dimension, count: undefined, mean: mu.values, spread: { kind: 'covariance', matrix } }
}

function arrayOf(entries: Map<string, Buffer>, name: 'mu' | 'sigma'): NumpyArray {
  const bytes = entries.get(`${name}.npy`)
  if (!bytes) throw new Error(`holds no array named ${name}`)
  let array: NumpyArray
  try {
    array = readNpy(bytes)
  } catch (caught) {
    throw new Error(`holds ${name} that ${(caught as Error).message}`, { cause: caught })
  }
  if (!array.values.every(Number.isFinite))
    throw new Error(`holds values in ${name} that are not finite numbers`)
  return array
}

/** Refuses what cannot be a covariance, instead of giving a distance that means nothing. */
function requireCovariance(sigma: Float64Array, dimension: number): void {
  for (let i = 0; i < dimension; i++) {
    if (sigma[i * dimension + i]! < 0) throw new Error('has a negative variance in sigma')
  }
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) {
      const [entry, mirror] = [sigma[i * dimension + j]!, sigma[j * dimension + i]!]
      const scale = Math.sqrt(sigma[i * dimension + i]! * sigma[j * dimension + j]!)
      if (Math.abs(entry - mirror) > symmetryTolerance * scale)
        throw new Error('has a sigma that is not symmetric')
    }
  }
}

/**
 * Writes statistics for this program, pytorch-fid and clean-fid: float64 in an uncompressed archive. The file appears
 * whole or not at all.
 *
 * @throws RangeError for fewer than two samples; AppError when the file cannot be written
 */
export function writeStatistics(path: string, statistics: FeatureStatistics): void {
  const { dimension, mean } = statistics
  const archive = writeZip(
    new Map([
      ['mu.npy', writeNpy({ shape: [dimension], values: mean })],
      ['sigma.npy', writeNpy({ shape: [dimension, dimension], values: covarianceOf(statistics).values })],
    ]),
  )
  const unfinished = `${path}.${process.pid}.part`
  try {
    writeFileSync(unfinished, archive)
    renameSync(unfinished, path)
  } catch (caught) {
    rmSync(unfinished, { force: true })
    throw toAppError(caught, path)
  }
}

function unreadable(path: string, reason: string): AppError {
  return new AppError('unreadable', `${path} ${reason}.`, {
    hint: 'Give an .npz with mu and sigma, as pytorch-fid --save-stats writes it, or the folder of pictures.',
    details: { path },
  })
}
