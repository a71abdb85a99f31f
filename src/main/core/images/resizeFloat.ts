/**
 * The resizes that turn an RGB picture into the unrounded network input of the FID variants. Each gives fp32 in the
 * picture's own scale 0..255, interleaved like the picture: height x width x 3.
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
  const rows = height === image.height ? undefined : weightedAxis(image.height, height)
  const wide = resizeColumns(image, width)
  const output = rows ? resizeRows(wide, width * 3, rows) : wide
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

/** Horizontal pass: image height x `width` x 3. */
function resizeColumns({ data, width: inputWidth, height }: RgbPixels, width: number): Float32Array {
  if (width === inputWidth) return Float32Array.from(data)
  const { taps, starts, counts, weights } = weightedAxis(inputWidth, width)
  const output = new Float32Array(height * width * 3)
  for (let y = 0, out = 0; y < height; y++) {
    for (let x = 0; x < width; x++, out += 3) {
      let at = (y * inputWidth + starts[x]!) * 3
      let red = 0
      let green = 0
      let blue = 0
      for (let slot = x * taps, end = slot + counts[x]!; slot < end; slot++, at += 3) {
        const weight = weights[slot]!
        red += data[at]! * weight
        green += data[at + 1]! * weight
        blue += data[at + 2]! * weight
      }
      output[out] = red
      output[out + 1] = green
      output[out + 2] = blue
    }
  }
  return output
}

/** Vertical pass over rows of `length` samples; a row of fp64 sums at a time, so that memory is read in order. */
function resizeRows(source: Float32Array, length: number, rows: WeightedAxis): Float32Array {
  const output = new Float32Array(rows.starts.length * length)
  const sums = new Float64Array(length)
  for (let y = 0; y < rows.starts.length; y++) {
    sums.fill(0)
    for (let tap = 0; tap < rows.counts[y]!; tap++) {
      const weight = rows.weights[y * rows.taps + tap]!
      const row = (rows.starts[y]! + tap) * length
      for (let x = 0; x < length; x++) sums[x]! += source[row + x]! * weight
    }
    output.set(sums, y * length)
  }
  return output
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
  const output = new Float32Array(outputHeight * outputWidth * 3)
  for (let y = 0, out = 0; y < outputHeight; y++) {
    const top = rows.low[y]! * width
    const bottom = rows.high[y]! * width
    const down = rows.fraction[y]!
    for (let x = 0; x < outputWidth; x++) {
      const left = columns.low[x]!
      const right = columns.high[x]!
      const across = columns.fraction[x]!
      for (let channel = 0; channel < 3; channel++) {
        const topLeft = data[(top + left) * 3 + channel]!
        const bottomLeft = data[(bottom + left) * 3 + channel]!
        const above = topLeft + (data[(top + right) * 3 + channel]! - topLeft) * across
        const below = bottomLeft + (data[(bottom + right) * 3 + channel]! - bottomLeft) * across
        output[out++] = above + (below - above) * down
      }
    }
  }
  return output
}
