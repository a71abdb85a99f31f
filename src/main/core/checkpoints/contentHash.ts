/** SHA-256 of weight files, read in pieces. */
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { layerIndexName, readLayerIndex } from './layerFolder.ts'
import { refuseCheckpoint } from './tensorSource.ts'

/** How reading may be stopped and watched. */
export type Reading = {
  signal?: AbortSignal
  /** Told of every piece that was read. */ onBytes?(count: number): void
}

/** Hex SHA-256 of a file's bytes. @throws AppError when it cannot be read; `cancelled` when the signal aborts. */
export async function sha256OfFile(path: string, { signal, onBytes }: Reading = {}): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 22, signal })) {
      hash.update(piece as Buffer)
      onBytes?.((piece as Buffer).length)
    }
  } catch (caught) {
    if (signal?.aborted) throw new AppError('cancelled', 'Cancelled.')
    throw toAppError(caught, path)
  }
  return hash.digest('hex')
}

/**
 * The hash that stands for a model: of the file, or of a layer folder's index. The index names the hash of every
 * layer, and all of them are checked.
 *
 * @throws AppError `invalid-model` when a layer is not what the index says.
 */
export async function sha256OfWeights(path: string, reading: Reading = {}): Promise<string> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  if (!isFolder) return sha256OfFile(path, reading)
  for (const layer of readLayerIndex(path).layers) {
    await checkLayer(path, layer.weights, layer.weights_sha256, reading)
    await checkLayer(path, layer.bias, layer.bias_sha256, reading)
  }
  return sha256OfFile(join(path, layerIndexName), reading)
}

async function checkLayer(folder: string, name: string, expected: string, reading: Reading): Promise<void> {
  if (name !== basename(name))
    throw refuseCheckpoint(folder, `its index names "${name}", which is not a plain file name`)
  const sha256 = await sha256OfFile(join(folder, name), reading)
  if (sha256 !== expected) {
    throw refuseCheckpoint(
      folder,
      `the SHA-256 of ${name} begins with ${sha256.slice(0, 8)} where its index says ${expected.slice(0, 8)}`,
    )
  }
}
