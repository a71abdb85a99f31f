/** Inflates the data of a PNG with bounded memory, and with Pillow's view of what damage matters. */
import { createInflate, inflateSync } from 'node:zlib'
import { unreadable, type Subject } from './unreadable.ts'

export const cutOff = 'the PNG is cut off: its data ends before the last row'

/** Deflate makes at most this many bytes of one. */
const largestRatio = 1032

/**
 * The first `length` bytes of the zlib stream that lies in `parts`, or fewer where the stream comes to its proper end
 * earlier. What follows them in the stream does not matter: `ZipDecode.c` stops reading there.
 *
 * @throws AppError `unreadable` when the stream is damaged or cut off before that.
 */
export async function inflateAtMost(
  parts: Uint8Array[],
  length: number,
  subject: Subject,
): Promise<Uint8Array> {
  const deflated = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  // A small file that announces a large picture is refused before memory is set aside for it.
  if (deflated.length * largestRatio < length) throw unreadable(subject, cutOff)
  try {
    return inflateSync(deflated, { chunkSize: Math.max(64, length), maxOutputLength: length })
  } catch {
    // Too long, damaged or cut off, perhaps only after the last row: the slower way finds out.
    return inflatePrefix(deflated, length, subject)
  }
}

function inflatePrefix(deflated: Uint8Array, length: number, subject: Subject): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const inflate = createInflate({ chunkSize: Math.max(64, length) })
    const output: Buffer[] = []
    let collected = 0
    inflate.on('data', (piece: Buffer) => {
      output.push(piece)
      collected += piece.length
      if (collected < length) return
      inflate.destroy()
      resolve(Buffer.concat(output).subarray(0, length))
    })
    inflate.on('end', () => resolve(Buffer.concat(output)))
    inflate.on('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'Z_BUF_ERROR' ? cutOff : 'the compressed data of the PNG is damaged'
      reject(unreadable(subject, reason, cause))
    })
    inflate.end(deflated)
  })
}
