/** The picture a thread draws frames into. Threads draw one frame at a time, so clips of one size share one. */
import type { RgbPixels } from '../images/rgbImage.ts'
import { pipeBytes, type PipeFormat } from './encoding.ts'
import type { Size } from './layout.ts'
import { createYuvCanvas } from './yuv.ts'

export type FrameCanvas = {
  picture: RgbPixels
  /** The picture as the encoder reads it, in `spare` when there is one. */
  encoded(spare: Uint8Array<ArrayBuffer> | undefined): Uint8Array<ArrayBuffer>
}

/** Clips made at once rarely have more sizes than these; a large canvas takes tens of megabytes. */
const keptCanvases = 3
const canvases = new Map<string, { canvas: FrameCanvas; owner: object }>()

/**
 * The canvas of a size, black unless `owner` was the last to draw into it.
 *
 * @param size both sides even.
 */
export function borrowCanvas(owner: object, size: Size, format: PipeFormat): FrameCanvas {
  const key = `${format} ${size.width}x${size.height}`
  const kept = canvases.get(key)
  const canvas = kept?.canvas ?? createCanvas(size, format)
  if (kept && kept.owner !== owner) canvas.picture.data.fill(0)
  canvases.delete(key)
  canvases.set(key, { canvas, owner })
  if (canvases.size > keptCanvases) canvases.delete(canvases.keys().next().value ?? '')
  return canvas
}

function createCanvas({ width, height }: Size, format: PipeFormat): FrameCanvas {
  const memory = (spare: Uint8Array<ArrayBuffer> | undefined) =>
    spare ?? new Uint8Array(pipeBytes(format, width, height))
  if (format === 'yuv420p') {
    const { rgb, convert } = createYuvCanvas(width, height)
    return {
      picture: { width, height, data: rgb },
      encoded: (spare) => {
        const pixels = memory(spare)
        convert(pixels)
        return pixels
      },
    }
  }
  const data = new Uint8Array(width * height * 3)
  return {
    picture: { width, height, data },
    encoded: (spare) => {
      const pixels = memory(spare)
      pixels.set(data)
      return pixels
    },
  }
}
