/**
 * Multi-scale structural similarity (Wang et al. 2003) as torchmetrics 1.4.2 and later computes it: five scales by 2 x 2
 * averaging, the contrast factor averaged over the map cropped by 5 pixels, the index of the last scale over its whole
 * map, both cut off at zero.
 */
import { requirePictures, type Measurement } from '../measurement.ts'
import { indexOfDoubles } from '../ssim/window.ts'

/** Exponents of the five scales, finest first. */
const betas = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
/** After four halvings torchmetrics wants more than 10 pixels left on each side. */
const smallestSide = 11 * 2 ** (betas.length - 1)
const channels = 3

type Plane = { samples: Float64Array; width: number; height: number }

/** MS-SSIM of two RGB pictures of one size (uint8, H x W x 3), 0..1; a reason when a side is under 176 pixels. */
export function msSsim(a: Uint8Array, b: Uint8Array, width: number, height: number): Measurement {
  requirePictures(width, height, a, b)
  if (Math.min(width, height) < smallestSide) {
    return {
      reason: `MS-SSIM needs pictures of at least ${smallestSide}×${smallestSide} pixels; these are ${width}×${height}.`,
    }
  }
  let planeA: Plane = { samples: new Float64Array(a), width, height }
  let planeB: Plane = { samples: new Float64Array(b), width, height }
  let product = 1
  for (const [scale, beta] of betas.entries()) {
    const isLast = scale === betas.length - 1
    const means = indexOfDoubles(
      planeA.samples,
      planeB.samples,
      planeA.width,
      planeA.height,
      isLast ? 'index' : 'contrast',
    )
    product *= Math.max(0, isLast ? means.full : means.cropped!) ** beta
    if (!isLast) [planeA, planeB] = [halve(planeA), halve(planeB)]
  }
  return product
}

/** 2 x 2 averages; an odd last row or column is left out. */
function halve({ samples, width, height }: Plane): Plane {
  const [halfWidth, halfHeight, rowLength] = [width >> 1, height >> 1, width * channels]
  const halved = new Float64Array(halfWidth * halfHeight * channels)
  let out = 0
  for (let y = 0; y < halfHeight; y++) {
    for (let x = 0; x < halfWidth; x++) {
      const first = 2 * y * rowLength + 2 * x * channels
      for (let at = first; at < first + channels; at++) {
        const top = samples[at]! + samples[at + channels]!
        const bottom = samples[at + rowLength]! + samples[at + rowLength + channels]!
        halved[out++] = (top + bottom) / 4
      }
    }
  }
  return { samples: halved, width: halfWidth, height: halfHeight }
}
