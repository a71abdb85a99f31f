/**
 * Checkpoints as torch wrote them before 1.6: five pickles (a magic number, the protocol, facts about the system, the
 * state dict, the storage keys), then for each key its number of elements (int64) and its raw elements.
 */
import { ByteCursor } from './byteCursor.ts'
import { bytesPerElement } from './dtypes.ts'
import type { FileBytes } from './fileBytes.ts'
import { readPickle } from './pickle.ts'
import { refuseCheckpoint, tensorSource, type TensorSource } from './tensorSource.ts'
import { storagesOf, tensorEntries, tensorsOf, torchHost, type StorageRef } from './torchObjects.ts'

/** The first pickle of every legacy file, `0x1950a86a20f9469cfc6c`, with protocol and STOP. */
export const legacyMagic = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex')

const protocolVersion = 1001

/** Reads the pickles of a legacy torch file and finds its storages. @throws AppError `invalid-model`. */
export function openTorchLegacy(file: FileBytes): TensorSource {
  const host = torchHost(file.path)
  const cursor = new ByteCursor(file, legacyMagic.length, file.size)
  const version = readPickle(cursor, host)
  if (version !== protocolVersion)
    throw refuseCheckpoint(
      file.path,
      `its legacy format has version ${String(version)}; ${protocolVersion} is known`,
    )
  const system = readPickle(cursor, host)
  if (system instanceof Map && system.get('little_endian') === false) {
    throw refuseCheckpoint(
      file.path,
      'its numbers are stored big-endian; only little-endian files can be read',
    )
  }
  const tensors = tensorsOf(readPickle(cursor, host), file.path)
  const keys = readPickle(cursor, host)
  if (!Array.isArray(keys)) throw refuseCheckpoint(file.path, 'its list of storages is damaged')
  const places = placesOf(file, keys.map(String), storagesOf(tensors), cursor.position)
  const table = tensorEntries(file, tensors, (storage) => {
    const place = places.get(storage.key)
    if (place === undefined)
      throw refuseCheckpoint(file.path, `its storage ${storage.key} is not in the file`)
    return place
  })
  return tensorSource(file.path, 'torch-legacy', table, () => file.close())
}

type Place = { offset: number; byteLength: number }

function placesOf(
  file: FileBytes,
  keys: string[],
  storages: StorageRef[],
  start: number,
): Map<string, Place> {
  const byKey = new Map(storages.map((storage) => [storage.key, storage]))
  const places = new Map<string, Place>()
  let offset = start
  for (const key of keys) {
    const storage = byKey.get(key)
    if (storage === undefined) throw refuseCheckpoint(file.path, `its storage ${key} belongs to no tensor`)
    const length = file.read(offset, 8).readBigInt64LE(0)
    if (length !== BigInt(storage.length)) {
      throw refuseCheckpoint(
        file.path,
        `its storage ${key} has ${length} elements where ${storage.length} were announced`,
      )
    }
    const place = { offset: offset + 8, byteLength: storage.length * bytesPerElement(storage.dtype) }
    places.set(key, place)
    offset = place.offset + place.byteLength
  }
  return places
}
