import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { toAppError } from '../../../../shared/errors.ts'
import type { TailPiece } from '../../../../shared/contract/training.ts'

const pieceBytes = 256 * 1024
const pollMs = 100

/**
 * Follows a file that another process writes. Nothing is lost or repeated, whatever the reader's pace: it is read
 * when the reader asks, so memory stays flat. Pieces end on whole UTF-8 characters; bytes that are none become U+FFFD.
 *
 * @param options.fromOffset byte to begin at; `lastBytes` begins so far before the present end; default 0.
 * @param options.isOver says that nobody writes any more; the file is then read to its end and the last piece has `isEnd`.
 * @throws AppError when the file cannot be opened.
 */
export async function* tailFile(
  path: string,
  options: { fromOffset?: number; lastBytes?: number; isOver: () => boolean; signal?: AbortSignal },
): AsyncGenerator<TailPiece> {
  const file = await open(path, 'r').catch((caught: unknown) => {
    throw toAppError(caught, path)
  })
  try {
    let offset = options.fromOffset ?? 0
    let isFirst = true
    const buffer = new Uint8Array(pieceBytes)
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    if (options.lastBytes !== undefined) {
      offset = Math.max(0, (await file.stat()).size - options.lastBytes)
      offset += await continuationBytes(offset)
    }
    while (!options.signal?.aborted) {
      // Asked before reading: what was written before the end is then read for sure.
      const isOver = options.isOver()
      const { bytesRead } = await file.read(buffer, 0, pieceBytes, offset)
      const whole = isOver && bytesRead < pieceBytes ? bytesRead : wholeCharacters(buffer, bytesRead)
      if (whole > 0) {
        const beginsAt = isFirst ? { beginsAt: offset } : {}
        isFirst = false
        offset += whole
        yield { text: decoder.decode(buffer.subarray(0, whole)), offset, isEnd: false, ...beginsAt }
      } else if (isOver) {
        yield { text: '', offset, isEnd: true }
        return
      } else await sleep(pollMs, undefined, { signal: options.signal }).catch(() => {})
    }

    /** How many bytes at `position` belong to a character that began before. */
    async function continuationBytes(position: number): Promise<number> {
      if (position === 0) return 0
      const { bytesRead } = await file.read(buffer, 0, 3, position)
      let count = 0
      while (count < bytesRead && (buffer[count]! & 0xc0) === 0x80) count++
      return count
    }
  } finally {
    await file.close()
  }
}

/** Length without a UTF-8 character whose last bytes are still missing. */
function wholeCharacters(buffer: Uint8Array, length: number): number {
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = buffer[length - back]!
    if ((byte & 0xc0) === 0x80) continue
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return needed > back ? length - back : length
  }
  return length
}
