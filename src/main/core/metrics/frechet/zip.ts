/** The small part of the zip format that numpy's archives use: named entries, stored or deflated, below 4 GiB. */
import { crc32, inflateRawSync } from 'node:zlib'

const localSignature = 0x04034b50
const centralSignature = 0x02014b50
const endSignature = 0x06054b50
const endLength = 22
const longestComment = 0xffff

/**
 * Reads the named entries of an archive; names that it lacks are left out.
 *
 * @param largestBytes no entry may unpack to more than this
 * @throws Error with a short reason when the archive is damaged
 */
export function readZipEntries(
  archive: Buffer,
  names: readonly string[],
  largestBytes: number,
): Map<string, Buffer> {
  const end = findEnd(archive)
  const entries = new Map<string, Buffer>()
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== centralSignature)
      throw new Error('has a damaged table of contents')
    const nameLength = archive.readUInt16LE(at + 28)
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    if (names.includes(name)) entries.set(name, readEntry(archive, at, name, largestBytes))
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return entries
}

function findEnd(archive: Buffer): number {
  for (
    let at = archive.length - endLength;
    at >= Math.max(0, archive.length - endLength - longestComment);
    at--
  ) {
    if (archive.readUInt32LE(at) === endSignature) return at
  }
  throw new Error('is not a zip archive, or is cut off')
}

function readEntry(archive: Buffer, central: number, name: string, largestBytes: number): Buffer {
  const method = archive.readUInt16LE(central + 10)
  const [checksum, packedLength, length] = [16, 20, 24].map((field) =>
    archive.readUInt32LE(central + field),
  ) as [number, number, number]
  const local = archive.readUInt32LE(central + 42)
  if (length > largestBytes)
    throw new Error(`holds ${name} of ${length} bytes, more than statistics can have`)
  if (local + 30 > archive.length || archive.readUInt32LE(local) !== localSignature)
    throw new Error(`has a damaged entry ${name}`)
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  const packed = archive.subarray(start, start + packedLength)
  if (method !== 0 && method !== 8)
    throw new Error(`packs ${name} in a way that numpy does not use (method ${method})`)
  const bytes = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, length) })
  if (bytes.length !== length || crc32(bytes) !== checksum) throw new Error(`has a damaged entry ${name}`)
  return bytes
}

/** Writes an archive of stored entries with a fixed date, so that equal contents give equal files. */
export function writeZip(entries: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = []
  const contents: Buffer[] = []
  let offset = 0
  for (const [name, bytes] of entries) {
    const nameBytes = Buffer.from(name, 'utf8')
    const common = commonHeader(bytes, nameBytes.length)
    const local = Buffer.concat([uint32(localSignature), common, nameBytes])
    const central = Buffer.concat([
      uint32(centralSignature),
      uint16(20),
      common,
      Buffer.alloc(10),
      uint32(offset),
      nameBytes,
    ])
    parts.push(local, bytes)
    contents.push(central)
    offset += local.length + bytes.length
  }
  const table = Buffer.concat(contents)
  const count = uint16(entries.size)
  const end = [
    uint32(endSignature),
    uint16(0),
    uint16(0),
    count,
    count,
    uint32(table.length),
    uint32(offset),
    uint16(0),
  ]
  return Buffer.concat([...parts, table, ...end])
}

/** Version, flags, method, time, date, checksum, sizes, lengths of name and extra field: alike in both headers. */
function commonHeader(bytes: Buffer, nameLength: number): Buffer {
  const firstOfJanuary1980 = 0x21
  return Buffer.concat([
    ...[20, 0, 0, 0, firstOfJanuary1980].map(uint16),
    ...[crc32(bytes), bytes.length, bytes.length].map(uint32),
    uint16(nameLength),
    uint16(0),
  ])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
