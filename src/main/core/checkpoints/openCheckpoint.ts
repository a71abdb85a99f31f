/** Opens any checkpoint the studio can read. The format is told by content, never by the file's name. */
import { statSync } from 'node:fs'
import { toAppError } from '../../../shared/errors.ts'
import { openFileBytes, type FileBytes } from './fileBytes.ts'
import { openLayerFolder } from './layerFolder.ts'
import { looksLikeSafetensors, openSafetensors } from './safetensors.ts'
import { refuseCheckpoint, type TensorSource } from './tensorSource.ts'
import { legacyMagic, openTorchLegacy } from './torchLegacy.ts'
import { openTorchZip } from './torchZip.ts'

/**
 * Opens a torch checkpoint (zip or legacy), a safetensors file, or a folder of raw layers.
 *
 * Only names, shapes and places are read now; nothing in the file is executed. Close the source after use.
 *
 * @throws AppError `not-found` or `permission` when it cannot be opened, `invalid-model` when it is refused.
 */
export async function openCheckpoint(path: string): Promise<TensorSource> {
  let isFolder: boolean
  try {
    isFolder = statSync(path).isDirectory()
  } catch (caught) {
    throw toAppError(caught, path)
  }
  if (isFolder) return openLayerFolder(path)
  const file = openFileBytes(path)
  try {
    return readerOf(file)(file)
  } catch (caught) {
    file.close()
    throw caught
  }
}

function readerOf(file: FileBytes): (file: FileBytes) => TensorSource {
  const head = file.read(0, Math.min(file.size, legacyMagic.length))
  if (head.length === 0) throw refuseCheckpoint(file.path, 'it is empty')
  if (head.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return openTorchZip
  if (head.equals(legacyMagic)) return openTorchLegacy
  if (looksLikeSafetensors(head)) return openSafetensors
  throw refuseCheckpoint(file.path, describeUnknown(head))
}

function describeUnknown(head: Buffer): string {
  if (head.subarray(0, 3).toString() === 'ver')
    return 'it is a Git LFS pointer of a few lines, not the weights themselves'
  if (head[0] === 0x3c)
    return 'it is a web page, not weights (a download that ended at an error or login page?)'
  if (head[0] === 0x80) return 'it is a bare pickle, not a torch checkpoint'
  return 'it is neither a torch checkpoint (zip or legacy) nor safetensors'
}
