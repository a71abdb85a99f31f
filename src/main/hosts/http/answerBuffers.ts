/**
 * Memory for large answers, used again and again. Where pictures are sent sixty times a second, the collector would
 * otherwise work as long as all the rest: 1.3 ms of processor time for four pictures instead of 3 to 4.
 */

export type AnswerBuffers = {
  /** Room for `length` bytes, which still hold what was there before. */
  take(length: number): Uint8Array<ArrayBuffer>
  /** Takes back what nobody reads or writes any more. Whatever is not given back is freed as any other memory. */
  giveBack(bytes: Uint8Array<ArrayBuffer>): void
}

const smallestBytes = 2 ** 20
/** A larger one would hold memory that is seldom needed. */
const largestKeptBytes = 16 * 2 ** 20
const mostKept = 8

export function keepAnswerBuffers(): AnswerBuffers {
  /** Least recently used first. */
  const kept: ArrayBuffer[] = []
  return {
    take(length) {
      const at = kept.findLastIndex(({ byteLength }) => byteLength >= length)
      const buffer = at < 0 ? new ArrayBuffer(sizeFor(length)) : kept.splice(at, 1)[0]
      return new Uint8Array(buffer, 0, length)
    },
    giveBack({ buffer }) {
      if (buffer.byteLength > largestKeptBytes) return
      kept.push(buffer)
      if (kept.length > mostKept) kept.shift()
    },
  }
}

/** Powers of two, so that answers of about the same size share their buffers. */
const sizeFor = (length: number) => 2 ** Math.ceil(Math.log2(Math.max(length, smallestBytes)))
