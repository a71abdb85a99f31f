/** The bytes of a log as UTF-8, whatever it is stored as. */
import type { FileHandle } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'

const chunkBytes = 1024 * 1024

/** How a log is stored, by its first bytes. PowerShell's `>` writes UTF-16. */
export type LogEncoding = 'utf-8' | 'gzip' | 'utf-16le' | 'utf-16be'

/** How many of a file's first bytes tell its encoding. */
export const encodingBytes = 2

/** @param first the first `encodingBytes` of the file, or zeros where it is shorter. */
export function encodingOf(first: Uint8Array): LogEncoding {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip'
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le'
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

/**
 * Reads a plain log. Two buffers take turns: the disk fills one while the other is read.
 *
 * @param position byte to begin at.
 * @returns pieces that are only good until the next one is asked for.
 */
export async function* plainBytes(file: FileHandle, position: number): AsyncGenerator<Uint8Array> {
  const pair = idlePairs.pop() ?? [new Uint8Array(chunkBytes), new Uint8Array(chunkBytes)]
  const [first, second] = pair
  let reading = file.read(first, 0, chunkBytes, position)
  try {
    for (;;) {
      const { bytesRead, buffer } = await reading
      if (bytesRead === 0) return
      position += bytesRead
      reading = file.read(buffer === first ? second : first, 0, chunkBytes, position)
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    // A reader that leaves early must not share a buffer that the disk still fills.
    await reading.catch(() => {})
    idlePairs.push(pair)
  }
}

/** Buffers of readers that are done: most logs are small, and fresh megabytes for each would be most of the work. */
const idlePairs: [Uint8Array, Uint8Array][] = []

/** Reads a packed or UTF-16 log from its beginning. A packed one that was cut off gives what could be unpacked. */
export async function* convertedBytes(
  file: FileHandle,
  encoding: Exclude<LogEncoding, 'utf-8'>,
): AsyncGenerator<Uint8Array> {
  const stored = file.createReadStream({ autoClose: false, start: 0, highWaterMark: chunkBytes })
  if (encoding !== 'gzip') {
    const decoder = new TextDecoder(encoding)
    for await (const chunk of stored) yield Buffer.from(decoder.decode(chunk as Buffer, { stream: true }))
    return
  }
  const unpacked = createGunzip({ chunkSize: chunkBytes })
  stored.on('error', (error) => unpacked.destroy(error))
  try {
    for await (const chunk of stored.pipe(unpacked)) yield chunk as Buffer
  } catch (caught) {
    if ((caught as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') throw caught
  }
}
