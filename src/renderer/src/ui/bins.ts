/** Statistics behind a histogram. */

export type Distribution = {
  /** Edges of the bins, one more than bins. */
  edges: number[]
  counts: number[]
  mean: number
  median: number
  min: number
  max: number
  /** Finite values. */
  n: number
  /** Values that are infinite and therefore in no bin. */
  infinite: number
}

/** A step of 1, 2, 2.5 or 5 times a power of ten that cuts `span` into about `wanted` parts. */
export function niceStep(span: number, wanted: number): number {
  const rough = span / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough * 0.999_999) ?? 10
  return factor * power
}

/** Bins with round edges over the finite values; `undefined` when there is none. */
export function distribution(values: readonly number[], wantedBins = 24): Distribution | undefined {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b)
  const n = finite.length
  if (n === 0) return undefined
  const [min, max] = [finite[0], finite[n - 1]]
  const mean = finite.reduce((sum, value) => sum + value, 0) / n
  const median = n % 2 === 1 ? finite[(n - 1) / 2] : (finite[n / 2 - 1] + finite[n / 2]) / 2
  const infinite = values.filter((value) => value === Infinity || value === -Infinity).length
  const base = { mean, median, min, max, n, infinite }
  const size = Math.max(Math.abs(min), Math.abs(max))
  // Values that differ only by rounding have no distribution worth drawing, and no step could be added to them.
  if (max - min <= size * 1e-9 || max - min < 1e-300) {
    const half = Math.max(size, 1) * 0.05
    return { ...base, edges: [min - half, max + half], counts: [n] }
  }
  const step = niceStep(max - min, wantedBins)
  // The division may round to the wrong side of an edge; the ends must hold every value.
  const below = Math.floor(min / step)
  const first = below * step > min ? below - 1 : below
  const above = Math.floor(max / step) + 1
  const last = above * step < max ? above + 1 : above
  const edges = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step)
  const counts = new Array<number>(last - first).fill(0)
  for (const value of finite)
    counts[Math.min(counts.length - 1, Math.max(0, Math.floor(value / step) - first))]++
  return { ...base, edges, counts }
}
