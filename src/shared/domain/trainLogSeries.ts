/** Arithmetic on curves that pages, reports and the engine share: smoothing, and thinning out for plots. */

/**
 * Exponential moving average without the pull towards zero at its start (as TensorBoard and W&B draw it):
 * s = weight * s + (1 - weight) * v, divided by 1 - weight^n. Values that are not finite stay as they are and leave
 * the average alone.
 *
 * @param weight share of the past, from 0 (no smoothing) up to but not 1; values outside are pulled inside.
 * @returns as many values as came in.
 */
export function smoothEma(values: ArrayLike<number>, weight: number): Float64Array {
  const share = Math.min(Math.max(Number.isFinite(weight) ? weight : 0, 0), 0.999_999)
  const smoothed = new Float64Array(values.length)
  let average = 0
  let remaining = 1
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    if (!Number.isFinite(value)) {
      smoothed[index] = value
      continue
    }
    average = share * average + (1 - share) * value
    remaining *= share
    smoothed[index] = average / (1 - remaining)
  }
  return smoothed
}

/**
 * Which points of a curve to draw so that it looks the same with fewer of them: the lowest and the highest of each of
 * equally many neighbours, the first and the last, and one point of a stretch that has no finite value.
 *
 * @param maxPoints at least 4; curves that are no longer come back whole.
 * @returns indices in rising order, at most `maxPoints`.
 */
export function decimateMinMax(values: ArrayLike<number>, maxPoints: number): Uint32Array {
  const count = values.length
  const limit = Math.max(4, Math.floor(maxPoints))
  if (count <= limit) return Uint32Array.from({ length: count }, (_, index) => index)
  const kept = new Uint32Array(limit)
  let size = 0
  kept[size++] = 0
  const buckets = Math.floor((limit - 2) / 2)
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * (count - 2)) / buckets)
    const to = 1 + Math.floor(((bucket + 1) * (count - 2)) / buckets)
    let lowest = -1
    let highest = -1
    for (let index = from; index < to; index++) {
      const value = values[index]!
      if (!Number.isFinite(value)) continue
      if (lowest < 0 || value < values[lowest]!) lowest = index
      if (highest < 0 || value > values[highest]!) highest = index
    }
    if (lowest < 0) {
      if (to > from) kept[size++] = from
    } else {
      kept[size++] = Math.min(lowest, highest)
      if (lowest !== highest) kept[size++] = Math.max(lowest, highest)
    }
  }
  kept[size++] = count - 1
  return kept.subarray(0, size)
}
