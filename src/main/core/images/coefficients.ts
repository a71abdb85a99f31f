/**
 * The weights of Pillow's resampling (`src/libImaging/Resample.c`, 10.4.0), in double precision and in the 22-bit
 * fixed point that 8-bit pictures use.
 */
import type { ResizeFilter } from '../../../shared/domain/protocol.ts'

/** Filters that weigh a window of samples; `nearest` takes one. */
export type WeightedFilter = Exclude<ResizeFilter, 'nearest'>

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI))

// The constants of the Hamming window are single-precision literals in Pillow.
const hammingOffset = Math.fround(0.54)
const hammingAmplitude = Math.fround(0.46)

/** Each filter's half width in output pixels and its weight at distance `x`. */
const kernels: Record<WeightedFilter, { support: number; weight(x: number): number }> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: {
    support: 1,
    weight(x) {
      const distance = Math.abs(x)
      if (distance === 0) return 1
      if (distance >= 1) return 0
      const angle = distance * Math.PI
      return (Math.sin(angle) / angle) * (hammingOffset + hammingAmplitude * Math.cos(angle))
    },
  },
  bicubic: {
    support: 2,
    weight(x) {
      const a = -0.5
      const t = Math.abs(x)
      if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1
      if (t < 2) return (((t - 5) * t + 8) * t - 4) * a
      return 0
    },
  },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
}

/** Which input samples each output sample of one axis reads, and how much each counts. */
export type AxisWindows = {
  /** Length of the longest window. */
  taps: number
  /** Where the window of output sample `index` lies: first input sample and number of samples. */
  at(index: number): { start: number; count: number }
  /** Writes the normalised weights (they add up to 1) of one window into `target`. */
  weigh(index: number, target: Float64Array): void
}

/** The windows of one axis that goes from `inputSize` to `outputSize` samples (both at least 1). */
export function axisWindows(inputSize: number, outputSize: number, filter: WeightedFilter): AxisWindows {
  const { support: unitSupport, weight } = kernels[filter]
  const scale = inputSize / outputSize
  const filterScale = Math.max(scale, 1)
  const support = unitSupport * filterScale
  const inverse = 1 / filterScale
  const at = (index: number) => {
    const centre = (index + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - support + 0.5))
    return { start, count: Math.min(inputSize, Math.trunc(centre + support + 0.5)) - start }
  }
  let longest = 0
  for (let index = 0; index < outputSize; index++) longest = Math.max(longest, at(index).count)
  return {
    taps: longest,
    at,
    weigh(index, target) {
      const centre = (index + 0.5) * scale
      const { start, count } = at(index)
      let sum = 0
      for (let j = 0; j < count; j++) {
        const value = weight((j + start - centre + 0.5) * inverse)
        target[j] = value
        sum += value
      }
      if (sum !== 0) for (let j = 0; j < count; j++) target[j]! /= sum
    },
  }
}

/**
 * One axis ready for the kernel: per output sample the first tap, the number of taps in use, and `taps` weights (a
 * multiple of 4, zeros at the end) in pairs `hi0 hi1 lo0 lo1` with weight = hi * 2^15 + lo.
 */
export type PackedAxis = { taps: number; starts: Int32Array; counts: Int32Array; weights: Int16Array }

const precisionBits = 22
const cache = new Map<string, PackedAxis>()
const cachedAxes = 32
const cachedBytesPerAxis = 4 << 20

/** The fixed-point weights of one axis; those of usual sizes are kept for the next picture. */
export function packedAxis(inputSize: number, outputSize: number, filter: WeightedFilter): PackedAxis {
  const key = `${inputSize} ${outputSize} ${filter}`
  const known = cache.get(key)
  if (known) return known
  const axis = packAxis(inputSize, outputSize, filter)
  if (axis.weights.byteLength <= cachedBytesPerAxis) {
    if (cache.size >= cachedAxes) cache.delete(cache.keys().next().value!)
    cache.set(key, axis)
  }
  return axis
}

function packAxis(inputSize: number, outputSize: number, filter: WeightedFilter): PackedAxis {
  const windows = axisWindows(inputSize, outputSize, filter)
  const taps = (windows.taps + 3) & ~3
  const starts = new Int32Array(outputSize)
  const counts = new Int32Array(outputSize)
  const weights = new Int16Array(outputSize * taps * 2)
  const exact = new Float64Array(windows.taps)
  for (let index = 0; index < outputSize; index++) {
    const { start, count } = windows.at(index)
    starts[index] = start
    counts[index] = count
    windows.weigh(index, exact)
    for (let j = 0; j < count; j++) {
      const scaled = exact[j]! * (1 << precisionBits)
      const fixed = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
      const slot = (index * taps + (j & ~1)) * 2 + (j & 1)
      weights[slot] = fixed >> 15
      weights[slot + 2] = fixed & 0x7fff
    }
  }
  return { taps, starts, counts, weights }
}
