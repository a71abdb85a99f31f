/** SHA-256 of weight files, read in pieces. */
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { toAppError } from '../../../shared/errors.ts'
import { layerIndexName, readLayerIndex } from './layerFolder.ts'
import { refuseCheckpoint } from './tensorSource.ts'

/** Hex SHA-256 of a file's bytes. @throws AppError when it cannot be read, or when the signal aborts. */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 22, signal }))
      hash.update(piece as Buffer)
  } catch (caught) {
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
export async function sha256OfWeights(path: string, signal?: AbortSignal): Promise<string> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  if (!isFolder) return sha256OfFile(path, signal)
  for (const layer of readLayerIndex(path).layers) {
    await checkLayer(path, layer.weights, layer.weights_sha256, signal)
    await checkLayer(path, layer.bias, layer.bias_sha256, signal)
  }
  return sha256OfFile(join(path, layerIndexName), signal)
}

async function checkLayer(
  folder: string,
  name: string,
  expected: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (name !== basename(name))
    throw refuseCheckpoint(folder, `its index names "${name}", which is not a plain file name`)
  const sha256 = await sha256OfFile(join(folder, name), signal)
  if (sha256 !== expected) {
    throw refuseCheckpoint(
      folder,
      `the SHA-256 of ${name} begins with ${sha256.slice(0, 8)} where its index says ${expected.slice(0, 8)}`,
    )
  }
}
