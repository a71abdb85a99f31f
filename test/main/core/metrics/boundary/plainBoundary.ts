/** Boundary counts step by step in single precision, as the reference script's torch operations round. */
import type { BoundaryCounts } from '../../../../../src/main/core/metrics/boundary/kernel.ts'
import type { Picture } from '../pictures.ts'

const f = Math.fround
const sobelX = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]] // prettier-ignore
const sobelY = [[-1, -2, -1], [0, 0, 0], [1, 2, 1]] // prettier-ignore

function magnitudes({ samples, width, height }: Picture): Float32Array {
  const value = (at: number): number => f(samples[at]! / 255)
  const grey = (x: number, y: number): number => {
    if (x < 0 || y < 0 || x >= width || y >= height) return 0
    const at = (y * width + x) * 3
    return f(f(f(value(at) * f(0.299)) + f(value(at + 1) * f(0.587))) + f(value(at + 2) * f(0.114)))
  }
  const correlate = (kernel: number[][], x: number, y: number): number => {
    let sum = 0
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) sum = f(sum + kernel[i]![j]! * grey(x + j - 1, y + i - 1))
    return sum
  }
  return Float32Array.from({ length: width * height }, (_, at) => {
    const [gx, gy] = [sobelX, sobelY].map((kernel) =>
      correlate(kernel, at % width, Math.floor(at / width)),
    ) as [number, number]
    return f(Math.sqrt(f(f(f(gx * gx) + f(gy * gy)) + f(1e-12))))
  })
}

function edges(picture: Picture, quantile: number): boolean[] {
  const values = magnitudes(picture)
  const sorted = values.toSorted()
  const rank = f(f(quantile) * (values.length - 1))
  const [below, above] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!]
  const weight = f(rank - Math.floor(rank))
  const gap = f(above - below)
  const threshold = weight < 0.5 ? f(below + weight * gap) : f(above - (1 - weight) * gap)
  return [...values].map((value) => value > threshold)
}

export function plainBoundaryCounts(
  prediction: Picture,
  reference: Picture,
  quantile: number,
  tolerance: number,
): BoundaryCounts {
  const { width, height } = prediction
  const [predicted, expected] = [edges(prediction, quantile), edges(reference, quantile)]
  const isNear = (mask: boolean[], at: number): boolean => {
    const [x, y] = [at % width, Math.floor(at / width)]
    return mask.some((isEdge, other) => {
      const [ox, oy] = [other % width, Math.floor(other / width)]
      return isEdge && Math.abs(ox - x) <= tolerance && Math.abs(oy - y) <= tolerance
    })
  }
  const count = (mask: boolean[]): number => mask.filter(Boolean).length
  return {
    hitsPrediction: count(predicted.map((isEdge, at) => isEdge && isNear(expected, at))),
    hitsReference: count(expected.map((isEdge, at) => isEdge && isNear(predicted, at))),
    predictionEdges: count(predicted),
    referenceEdges: count(expected),
    pixels: width * height,
  }
}
