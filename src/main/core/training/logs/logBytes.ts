/** The bytes of a log as UTF-8, whatever it is stored as. */
import type { FileHandle } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'

const chunkBytes = 1024 * 1024

/** How a log is stored, by its first bytes. PowerShell's `>` writes UTF-16. */
export type LogEncoding = 'utf-8' | 'gzip' | 'utf-16le' | 'utf-16be'

/** @throws what the system says when the file cannot be read. */
export async function encodingOf(file: FileHandle): Promise<LogEncoding> {
  const { bytesRead, buffer } = await file.read(new Uint8Array(2), 0, 2, 0)
  if (bytesRead < 2) return 'utf-8'
  if (buffer[0] === 0x1f && buffer[1] === 0x8b) return 'gzip'
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return 'utf-16le'
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return 'utf-16be'
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
