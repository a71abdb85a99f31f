/** The part of the sequence a timeline shows, and the way between positions and screen columns. */

/** Positions `from` (included) to `to` (excluded); both may be fractional. */
export type Range = { from: number; to: number }

const fewestFrames = 8

export const wholeRange = (count: number): Range => ({ from: 0, to: count })
export const isWhole = ({ from, to }: Range, count: number): boolean => from <= 0 && to >= count

/** The position under a place `x` of `width`, kept inside the sequence. */
export const positionAt = (range: Range, x: number, width: number, count: number): number =>
  Math.min(count - 1, Math.max(0, Math.floor(range.from + (x / width) * (range.to - range.from))))

/** Where the middle of a frame is drawn. */
export const placeOfPosition = (range: Range, position: number, width: number): number =>
  ((position + 0.5 - range.from) / (range.to - range.from)) * width

/** Zooms about a place (share 0..1 of the width). A factor above 1 shows fewer frames. */
export function zoomRange(range: Range, factor: number, share: number, count: number): Range {
  const length = Math.min(count, Math.max(Math.min(fewestFrames, count), (range.to - range.from) / factor))
  const anchor = range.from + share * (range.to - range.from)
  return keepInside({ from: anchor - share * length, to: anchor + (1 - share) * length }, count)
}

/** Moves the range by a number of frames. */
export const moveRange = ({ from, to }: Range, frames: number, count: number): Range =>
  keepInside({ from: from + frames, to: to + frames }, count)

/** The range moved as little as needed to show a position, with a margin of a tenth. */
export function revealPosition(range: Range, position: number, count: number): Range {
  const margin = (range.to - range.from) * 0.1
  if (position < range.from) return moveRange(range, position - margin - range.from, count)
  if (position + 1 > range.to) return moveRange(range, position + 1 + margin - range.to, count)
  return range
}

function keepInside({ from, to }: Range, count: number): Range {
  const length = Math.min(count, to - from)
  const start = Math.min(count - length, Math.max(0, from))
  return { from: start, to: start + length }
}
