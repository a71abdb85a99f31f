/**
 * Checkpoints as torch has written them since 1.6: a zip archive with uncompressed entries `<root>/data.pkl` and
 * `<root>/data/<key>`. Only the directory is read at first; each tensor is read from its place when asked for.
 */
import { ByteCursor } from './byteCursor.ts'
import type { FileBytes } from './fileBytes.ts'
import { readPickle } from './pickle.ts'
import { refuseCheckpoint, tensorSource, type TensorSource } from './tensorSource.ts'
import { tensorEntries, tensorsOf, torchHost } from './torchObjects.ts'
import { readZipDirectory, storedRangeOf, type ZipEntry } from './zipDirectory.ts'

/** Names and shapes of a model with tens of thousands of tensors fit in a few MB. */
const maxPickleBytes = 64 * 2 ** 20

/** Reads the directory and the pickle of a torch zip file. @throws AppError `invalid-model`. */
export function openTorchZip(file: FileBytes): TensorSource {
  const directory = readZipDirectory(file)
  const entries = new Map(directory.map((entry) => [entry.name, entry]))
  const pickleEntry = directory.find((entry) => /^(?:[^/]+\/)?data\.pkl$/.test(entry.name))
  if (pickleEntry === undefined)
    throw refuseCheckpoint(file.path, 'it is a zip archive without data.pkl, so no torch checkpoint')
  const root = pickleEntry.name.slice(0, -'data.pkl'.length)
  if (entries.has(`${root}constants.pkl`))
    throw refuseCheckpoint(file.path, 'it is a TorchScript program, not a checkpoint of weights')
  checkByteOrder(file, entries.get(`${root}byteorder`))
  const range = storedRangeOf(file, pickleEntry)
  if (range.byteLength > maxPickleBytes)
    throw refuseCheckpoint(file.path, `its pickle has ${range.byteLength} bytes, far more than weights need`)
  const cursor = new ByteCursor(file, range.offset, range.offset + range.byteLength)
  const tensors = tensorsOf(readPickle(cursor, torchHost(file.path)), file.path)
  const table = tensorEntries(file, tensors, (storage) => {
    const entry = entries.get(`${root}data/${storage.key}`)
    if (entry === undefined)
      throw refuseCheckpoint(file.path, `its storage ${storage.key} is missing from the archive`)
    return storedRangeOf(file, entry)
  })
  return tensorSource(file.path, 'torch-zip', table, () => file.close())
}

function checkByteOrder(file: FileBytes, entry: ZipEntry | undefined): void {
  if (entry === undefined) return // written before torch 2.1, always little-endian
  const { offset, byteLength } = storedRangeOf(file, entry)
  const order = file.read(offset, Math.min(byteLength, 16)).toString('latin1')
  if (order !== 'little')
    throw refuseCheckpoint(
      file.path,
      `its numbers are stored ${order}-endian; only little-endian files can be read`,
    )
}
