/** Pillow's resize written down as its definition says, sample by sample: slow, obvious, and made for comparing. */
import type { ResizeFilter } from '../../../../src/shared/domain/protocol.ts'
import type { RgbPixels } from '../../../../src/main/core/images/rgbImage.ts'

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

const filters: Record<Exclude<ResizeFilter, 'nearest'>, [support: number, weight: (x: number) => number]> = {
  box: [0.5, (x) => (x > -0.5 && x <= 0.5 ? 1 : 0)],
  bilinear: [1, (x) => (Math.abs(x) < 1 ? 1 - Math.abs(x) : 0)],
  hamming: [
    1,
    (x) =>
      x === 0
        ? 1
        : Math.abs(x) < 1
          ? sinc(Math.abs(x)) * (Math.fround(0.54) + Math.fround(0.46) * Math.cos(Math.PI * Math.abs(x)))
          : 0,
  ],
  bicubic: [
    2,
    (x) => {
      const t = Math.abs(x)
      if (t < 1) return (1.5 * t - 2.5) * t * t + 1
      return t < 2 ? (((t - 5) * t + 8) * t - 4) * -0.5 : 0
    },
  ],
  lanczos: [3, (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0)],
}

/** For each output sample the first input sample that it reads, and a 22-bit weight for each from there on. */
type Window = { first: number; weights: number[] }

function windowsOf(inputSize: number, outputSize: number, filter: ResizeFilter): Window[] {
  if (filter === 'nearest') throw new Error('nearest has no weights')
  const [support, weight] = filters[filter]
  const scale = inputSize / outputSize
  const reach = support * Math.max(scale, 1)
  return Array.from({ length: outputSize }, (_, index) => {
    const centre = (index + 0.5) * scale
    const first = Math.max(0, Math.trunc(centre - reach + 0.5))
    const end = Math.min(inputSize, Math.trunc(centre + reach + 0.5))
    const exact: number[] = []
    for (let at = first; at < end; at++) exact.push(weight((at - centre + 0.5) * (1 / Math.max(scale, 1))))
    const sum = exact.reduce((total, value) => total + value, 0)
    const weights = exact.map((value) => {
      const fixed = (value / sum) * 2 ** 22
      return Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5)
    })
    return { first, weights }
  })
}

/** The weighted sum of samples that lie `step` apart, beginning at `start`. */
function sampleAt({ first, weights }: Window, data: Uint8Array, start: number, step: number): number {
  let accumulator = 1 << 21
  for (let tap = 0; tap < weights.length; tap++) {
    accumulator = (accumulator + Math.imul(data[start + (first + tap) * step]!, weights[tap]!)) | 0
  }
  return Math.min(255, Math.max(0, accumulator >> 22))
}

/** Horizontal pass, rounded to bytes, then vertical pass; a pass that keeps its size is left out. */
export function referenceResize(
  image: RgbPixels,
  width: number,
  height: number,
  filter: ResizeFilter,
): RgbPixels {
  let { data } = image
  if (width !== image.width) {
    const wide = new Uint8Array(width * image.height * 3)
    windowsOf(image.width, width, filter).forEach((window, x) => {
      for (let y = 0; y < image.height; y++) {
        for (let c = 0; c < 3; c++)
          wide[(y * width + x) * 3 + c] = sampleAt(window, data, y * image.width * 3 + c, 3)
      }
    })
    data = wide
  }
  if (height !== image.height) {
    const high = new Uint8Array(width * height * 3)
    windowsOf(image.height, height, filter).forEach((window, y) => {
      for (let x = 0; x < width * 3; x++) high[y * width * 3 + x] = sampleAt(window, data, x, width * 3)
    })
    data = high
  }
  return { width, height, data }
}
