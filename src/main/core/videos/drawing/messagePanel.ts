/** A panel that says why there is no picture. */
import { createCanvas } from '@napi-rs/canvas'
import type { RgbPixels } from '../../images/rgbImage.ts'
import type { Size } from '../layout.ts'
import { fontFor } from './fonts.ts'
import { shortened, textColours, textPixels } from './label.ts'

const kept = new Map<string, RgbPixels>()
const keptPanels = 16

/** Draws a sentence, and below it a quieter line, in the middle of a dark panel. */
export function messagePanel(size: Size, text: string, detail = ''): RgbPixels {
  const key = JSON.stringify([size, text, detail])
  const earlier = kept.get(key)
  if (earlier) return earlier
  if (kept.size >= keptPanels) kept.delete(kept.keys().next().value ?? '')
  const panel = draw(size, text, detail)
  kept.set(key, panel)
  return panel
}

function draw({ width, height }: Size, text: string, detail: string): RgbPixels {
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.fillStyle = '#121417'
  context.fillRect(0, 0, width, height)
  hatch()
  const pixels = Math.round(textPixels({ width, height }) * 1.15)
  const room = width * 0.9
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.font = fontFor(text, pixels, 600)
  context.fillStyle = textColours.warning
  const top = height / 2 - (detail === '' ? 0 : pixels * 0.8)
  context.fillText(shortened(context, text, room), width / 2, top)
  if (detail !== '') {
    context.font = fontFor(detail, Math.max(9, Math.round(pixels * 0.8)))
    context.fillStyle = textColours.quiet
    context.fillText(shortened(context, detail, room), width / 2, top + pixels * 1.6)
  }
  return rgbOf(context.getImageData(0, 0, width, height).data, width, height)

  /** Faint stripes, so that nobody takes the panel for a dark frame. */
  function hatch(): void {
    context.strokeStyle = '#191c21'
    context.lineWidth = Math.max(2, height / 60)
    const step = Math.max(8, height / 14)
    for (let x = -height; x < width; x += step) {
      context.beginPath()
      context.moveTo(x, height)
      context.lineTo(x + height, 0)
      context.stroke()
    }
  }
}

/** Drops the alpha of opaque RGBA pixels. */
export function rgbOf(rgba: Uint8ClampedArray, width: number, height: number): RgbPixels {
  const data = new Uint8Array(width * height * 3)
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = rgba[from]
    data[to + 1] = rgba[from + 1]
    data[to + 2] = rgba[from + 2]
  }
  return { width, height, data }
}
