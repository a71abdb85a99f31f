/**
 * The resizes that turn an RGB picture into the unrounded network input of the FID variants. Each gives fp32 in the
 * picture's own scale 0..255, planar: all of red, then green, then blue (3 x height x width).
 */
import { axisWindows } from './coefficients.ts'
import type { RgbPixels } from './rgbImage.ts'

/**
 * Clean-fid's resize (`cleanfid/resize.py`): each channel as a Pillow picture of mode `F`, antialiased bicubic, not
 * rounded, then limited to 0..255.
 *
 * Weights and sums are fp64, each pass is stored in fp32, horizontal first; a pass that keeps its size is skipped.
 */
export function resizeFloatPillowBicubic(image: RgbPixels, width: number, height: number): Float32Array {
  const output = new Float32Array(3 * width * height)
  const rows = height === image.height ? undefined : weightedAxis(image.height, height)
  const wide = new Float32Array(width * image.height)
  for (let channel = 0; channel < 3; channel++) {
    shrinkColumns(image, channel, width, wide)
    const plane = output.subarray(channel * width * height, (channel + 1) * width * height)
    if (rows) sumRows(wide, width, rows, plane)
    else plane.set(wide)
  }
  for (let index = 0; index < output.length; index++)
    output[index] = Math.min(255, Math.max(0, output[index]!))
  return output
}

/** The windows of one axis with their weights, `taps` places for each output sample. */
type WeightedAxis = { taps: number; starts: Int32Array; counts: Int32Array; weights: Float64Array }

let recentAxes: { key: string; axis: WeightedAxis }[] = []

function weightedAxis(inputSize: number, outputSize: number): WeightedAxis {
  const key = `${inputSize} ${outputSize}`
  const known = recentAxes.find((recent) => recent.key === key)
  if (known) return known.axis
  const windows = axisWindows(inputSize, outputSize, 'bicubic')
  const starts = new Int32Array(outputSize)
  const counts = new Int32Array(outputSize)
  const weights = new Float64Array(outputSize * windows.taps)
  for (let index = 0; index < outputSize; index++) {
    const { start, count } = windows.at(index)
    starts[index] = start
    counts[index] = count
    windows.weigh(index, weights.subarray(index * windows.taps))
  }
  const axis = { taps: windows.taps, starts, counts, weights }
  recentAxes = [{ key, axis }, ...recentAxes].slice(0, 4)
  return axis
}

/** Horizontal pass of one channel into a plane of `width` x image height. */
function shrinkColumns(image: RgbPixels, channel: number, width: number, target: Float32Array): void {
  const { data } = image
  if (width === image.width) {
    for (let index = 0; index < target.length; index++) target[index] = data[index * 3 + channel]!
    return
  }
  const { taps, starts, counts, weights } = weightedAxis(image.width, width)
  for (let y = 0, out = 0; y < image.height; y++) {
    const row = y * image.width * 3 + channel
    for (let x = 0; x < width; x++) {
      let at = row + starts[x]! * 3
      let sum = 0
      for (let weight = x * taps, end = weight + counts[x]!; weight < end; weight++, at += 3) {
        sum += data[at]! * weights[weight]!
      }
      target[out++] = sum
    }
  }
}

/** Vertical pass of one plane; a row of fp64 sums at a time, so that memory is read in order. */
function sumRows(source: Float32Array, width: number, rows: WeightedAxis, target: Float32Array): void {
  const sums = new Float64Array(width)
  for (let y = 0; y < rows.starts.length; y++) {
    sums.fill(0)
    for (let tap = 0; tap < rows.counts[y]!; tap++) {
      const weight = rows.weights[y * rows.taps + tap]!
      const row = (rows.starts[y]! + tap) * width
      for (let x = 0; x < width; x++) sums[x]! += source[row + x]! * weight
    }
    target.set(sums, y * width)
  }
}

/**
 * PyTorch's `interpolate(mode='bilinear', align_corners=False, antialias=False)`, as pytorch-fid resizes inside its
 * network. Positions and weights are fp32 as in `UpSample.h`.
 */
export function resizeTorchBilinear(image: RgbPixels, width: number, height: number): Float32Array {
  return lerp(image, halfPixelPositions(image.width, width), halfPixelPositions(image.height, height))
}

/**
 * TensorFlow 1's bilinear resize without half-pixel offset (`torch_fidelity/interpolate_compat_tensorflow.py`), as
 * torchmetrics up to 1.7 and torch-fidelity resize inside their networks.
 */
export function resizeTf1Bilinear(image: RgbPixels, width: number, height: number): Float32Array {
  return lerp(image, cornerPositions(image.width, width), cornerPositions(image.height, height))
}

/** Between which two input samples each output sample lies, and how far towards the second (0..1). */
type LerpAxis = { low: Int32Array; high: Int32Array; fraction: Float32Array }

function lerpAxis(inputSize: number, outputSize: number, positionOf: (index: number) => number): LerpAxis {
  const axis = {
    low: new Int32Array(outputSize),
    high: new Int32Array(outputSize),
    fraction: new Float32Array(outputSize),
  }
  for (let index = 0; index < outputSize; index++) {
    const position = positionOf(index)
    const low = Math.min(inputSize - 1, Math.floor(position))
    axis.low[index] = low
    axis.high[index] = Math.min(low + 1, inputSize - 1)
    axis.fraction[index] = position - low
  }
  return axis
}

function halfPixelPositions(inputSize: number, outputSize: number): LerpAxis {
  const scale = Math.fround(inputSize / outputSize)
  const positionOf = (index: number) => Math.max(0, Math.fround(Math.fround(scale * (index + 0.5)) - 0.5))
  return lerpAxis(inputSize, outputSize, positionOf)
}

function cornerPositions(inputSize: number, outputSize: number): LerpAxis {
  const scale = Math.fround(inputSize / outputSize)
  return lerpAxis(inputSize, outputSize, (index) => Math.fround(scale * index))
}

/** Linear along each row, then between two rows. */
function lerp({ width, data }: RgbPixels, columns: LerpAxis, rows: LerpAxis): Float32Array {
  const outputWidth = columns.low.length
  const outputHeight = rows.low.length
  const output = new Float32Array(3 * outputWidth * outputHeight)
  for (let channel = 0, out = 0; channel < 3; channel++) {
    for (let y = 0; y < outputHeight; y++) {
      const top = rows.low[y]! * width * 3 + channel
      const bottom = rows.high[y]! * width * 3 + channel
      const down = rows.fraction[y]!
      for (let x = 0; x < outputWidth; x++) {
        const left = columns.low[x]! * 3
        const right = columns.high[x]! * 3
        const across = columns.fraction[x]!
        const above = data[top + left]! + (data[top + right]! - data[top + left]!) * across
        const below = data[bottom + left]! + (data[bottom + right]! - data[bottom + left]!) * across
        output[out++] = above + (below - above) * down
      }
    }
  }
  return output
}
