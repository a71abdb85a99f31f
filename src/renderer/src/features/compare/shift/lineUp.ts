/** Proof that frames of two sources line up: of all shifts, the right one makes their pictures differ least. */

/** A small grey picture: brightness per pixel. All of one comparison have the same size. */
export type Grey = Float32Array

export const largestShift = 6
export const triedShifts = Array.from({ length: 2 * largestShift + 1 }, (_, at) => at - largestShift)

/** Positions around the playhead to look at, spread so that the camera moves between them. */
export function samplePositions(position: number, count: number): number[] {
  const [samples, step] = [10, 3]
  const first = Math.min(count - 1, Math.max(0, position - (samples * step) / 2))
  return Array.from({ length: samples }, (_, at) => first + at * step).filter((at) => at < count)
}

/**
 * Mean difference of `base` at the positions from `source` at those positions shifted, for each of `triedShifts`.
 * Brightness as a whole is left out, for a run may be darker at every shift.
 *
 * @returns NaN for shifts at which no pair of pictures is there.
 */
export function costsOfShifts(
  base: ReadonlyMap<number, Grey>,
  source: ReadonlyMap<number, Grey>,
  positions: readonly number[],
): number[] {
  return triedShifts.map((shift) => {
    let sum = 0
    let count = 0
    for (const position of positions) {
      const [a, b] = [base.get(position), source.get(position + shift)]
      if (!a || !b) continue
      sum += differenceOf(a, b)
      count++
    }
    return count === 0 ? NaN : sum / count
  })
}

function differenceOf(a: Grey, b: Grey): number {
  const level = (grey: Grey) => grey.reduce((sum, value) => sum + value, 0) / grey.length
  const offset = level(a) - level(b)
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += Math.abs(a[at] - b[at] - offset)
  return sum / a.length
}

/** A best shift must be better than the middle one by this share, or pictures of a camera at rest would prove anything. */
const clearShare = 0.03

/** The shift at which pictures differ least; `undefined` when the costs do not tell. */
export function bestShift(costs: readonly number[]): number | undefined {
  const known = costs.filter((cost) => !Number.isNaN(cost)).sort((a, b) => a - b)
  if (known.length < 3) return undefined
  const [least, middle] = [known[0], known[known.length >> 1]]
  return least < middle * (1 - clearShare) ? triedShifts[costs.indexOf(least)] : undefined
}
