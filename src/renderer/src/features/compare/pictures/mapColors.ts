/** Colours of metric maps: viridis, bright where the picture is good, whatever the metric's direction. */
import { viridis } from '../../../ui/colorMaps.ts'

const table = new Uint8ClampedArray(256 * 3)
for (let level = 0; level < 256; level++) {
  const hex = viridis(level / 255)
  for (let channel = 0; channel < 3; channel++)
    table[level * 3 + channel] = Number.parseInt(hex.slice(1 + channel * 2, 3 + channel * 2), 16)
}

/** Values that stand for worst and best. */
export type MapRange = { worst: number; best: number }

/** SSIM: 0 to 1. LPIPS: 0 is best; the worst is fixed too, so that frames can be compared. */
export const mapRanges: Record<'ssim' | 'lpips', MapRange> = {
  ssim: { worst: 0, best: 1 },
  lpips: { worst: 0.8, best: 0 },
}

/** @returns RGBA of the map. */
export function mapPixels(values: Float32Array, { worst, best }: MapRange): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(values.length * 4)
  for (let at = 0; at < values.length; at++) {
    const share = Math.min(1, Math.max(0, (values[at] - worst) / (best - worst)))
    const level = Math.round(share * 255) * 3
    out[at * 4] = table[level]
    out[at * 4 + 1] = table[level + 1]
    out[at * 4 + 2] = table[level + 2]
    out[at * 4 + 3] = 255
  }
  return out
}
