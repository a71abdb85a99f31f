/** SSIM written down as its definition says, one window at a time in double precision. */

const radius = 5
const weights = Array.from({ length: 11 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * 1.5 ** 2)))
const weightSum = weights.reduce((sum, weight) => sum + weight, 0)

function reflected(index: number, length: number): number {
  if (index < 0) return -index
  return index >= length ? 2 * (length - 1) - index : index
}

/** Index of every sample, in the order of the pictures. */
export function plainSsimSamples(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  width: number,
  height: number,
  range: number,
): Float64Array {
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2]
  return Float64Array.from({ length: width * height * 3 }, (_, at) => {
    const [c, x, y] = [at % 3, Math.floor(at / 3) % width, Math.floor(at / (3 * width))]
    let [muA, muB, squareA, squareB, product] = [0, 0, 0, 0, 0]
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const weight = (weights[dy + radius]! * weights[dx + radius]!) / weightSum ** 2
        const from = (reflected(y + dy, height) * width + reflected(x + dx, width)) * 3 + c
        const [valueA, valueB] = [a[from]!, b[from]!]
        muA += weight * valueA
        muB += weight * valueB
        squareA += weight * valueA ** 2
        squareB += weight * valueB ** 2
        product += weight * valueA * valueB
      }
    }
    const [varianceA, varianceB] = [Math.max(0, squareA - muA ** 2), Math.max(0, squareB - muB ** 2)]
    const covariance = product - muA * muB
    return (
      ((2 * muA * muB + c1) * (2 * covariance + c2)) /
      ((muA ** 2 + muB ** 2 + c1) * (varianceA + varianceB + c2))
    )
  })
}

/** Mean over all samples, and over those at least 5 pixels from every edge (NaN where there are none). */
export function plainSsimMeans(
  samples: Float64Array,
  width: number,
  height: number,
): { full: number; cropped: number } {
  const inner = samples.filter((_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / (3 * width))]
    return x >= radius && y >= radius && x < width - radius && y < height - radius
  })
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return { full: mean(samples), cropped: mean(inner) }
}
