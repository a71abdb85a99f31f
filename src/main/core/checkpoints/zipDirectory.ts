/** The directory of a zip archive with stored (uncompressed) entries, zip64 included. Every offset is checked. */
import type { FileBytes } from './fileBytes.ts'
import { refuseCheckpoint } from './tensorSource.ts'

export type ZipEntry = {
  name: string
  method: number
  compressedBytes: number
  bytes: number
  headerOffset: number
}

const endSignature = 0x06054b50
const end64LocatorSignature = 0x07064b50
const end64Signature = 0x06064b50
const entrySignature = 0x02014b50
const localSignature = 0x04034b50
const maxDirectoryBytes = 256 * 2 ** 20
/** A field with this value is found in the zip64 record instead. */
const inZip64 = 0xffffffff

/** All entries of the archive. @throws AppError `invalid-model` when it is damaged or cut off. */
export function readZipDirectory(file: FileBytes): ZipEntry[] {
  const { count, offset, byteLength } = findDirectory(file)
  if (byteLength > maxDirectoryBytes)
    throw refuseCheckpoint(file.path, 'its zip directory is impossibly large')
  const bytes = file.read(offset, byteLength)
  const entries: ZipEntry[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== entrySignature) throw damaged(file)
    const nameLength = bytes.readUInt16LE(at + 28)
    const extraLength = bytes.readUInt16LE(at + 30)
    const next = at + 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32)
    if (next > bytes.length) throw damaged(file)
    const entry = {
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      compressedBytes: bytes.readUInt32LE(at + 20),
      bytes: bytes.readUInt32LE(at + 24),
      headerOffset: bytes.readUInt32LE(at + 42),
    }
    entries.push(
      withZip64(file, entry, bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)),
    )
    at = next
  }
  return entries
}

/** Where the bytes of a stored entry lie. @throws AppError `invalid-model` for compressed or misplaced entries. */
export function storedRangeOf(file: FileBytes, entry: ZipEntry): { offset: number; byteLength: number } {
  if (entry.method !== 0 || entry.bytes !== entry.compressedBytes) {
    throw refuseCheckpoint(
      file.path,
      `its entry ${entry.name} is compressed; torch stores weights uncompressed`,
    )
  }
  const header = file.read(entry.headerOffset, 30)
  if (header.readUInt32LE(0) !== localSignature) throw damaged(file)
  const offset = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  if (offset + entry.bytes > file.size) throw damaged(file)
  return { offset, byteLength: entry.bytes }
}

function findDirectory(file: FileBytes): { count: number; offset: number; byteLength: number } {
  // The end record has 22 bytes and a comment of at most 65535.
  const tailLength = Math.min(file.size, 22 + 0xffff)
  const tailOffset = file.size - tailLength
  const tail = file.read(tailOffset, tailLength)
  let at = tail.length - 22
  while (at >= 0 && tail.readUInt32LE(at) !== endSignature) at--
  if (at < 0)
    throw refuseCheckpoint(
      file.path,
      'it begins like a zip archive but has no end (cut off during a download?)',
    )
  const locator = at - 20
  if (locator >= 0 && tail.readUInt32LE(locator) === end64LocatorSignature) {
    const record = file.read(safe(file, tail.readBigUInt64LE(locator + 8)), 56)
    if (record.readUInt32LE(0) !== end64Signature) throw damaged(file)
    return {
      count: safe(file, record.readBigUInt64LE(32)),
      byteLength: safe(file, record.readBigUInt64LE(40)),
      offset: safe(file, record.readBigUInt64LE(48)),
    }
  }
  return {
    count: tail.readUInt16LE(at + 10),
    byteLength: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  }
}

/** Replaces sizes and offsets that did not fit in 32 bits; the extra field lists only those, in this order. */
function withZip64(file: FileBytes, entry: ZipEntry, extra: Buffer): ZipEntry {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    let field = at + 4
    const end = Math.min(extra.length, field + extra.readUInt16LE(at + 2))
    const next = (value: number): number => {
      if (value !== inZip64) return value
      if (field + 8 > end) throw damaged(file)
      field += 8
      return safe(file, extra.readBigUInt64LE(field - 8))
    }
    const bytes = next(entry.bytes)
    const compressedBytes = next(entry.compressedBytes)
    return { ...entry, bytes, compressedBytes, headerOffset: next(entry.headerOffset) }
  }
  return entry
}

function safe(file: FileBytes, value: bigint): number {
  if (value > BigInt(file.size)) throw damaged(file)
  return Number(value)
}

const damaged = (file: FileBytes): Error => refuseCheckpoint(file.path, 'its zip directory is damaged')
