/** A panel that says why there is no picture. */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import type { RgbPixels } from '../../images/rgbImage.ts'
import type { Size } from '../layout.ts'
import { fontFor } from './fonts.ts'
import { labelBand, shortened, smallestPixels, textColours } from './label.ts'

const kept = new Map<string, RgbPixels>()
const keptPanels = 16
/** From one line to the next, in text sizes. */
const lineStep = 1.35
/** How much of the width a line may take. */
const lineShare = 0.92

/**
 * Draws a sentence, and below it a quieter line where there is room, in the middle of a dark panel, between the labels
 * at its edges.
 *
 * @param pixels size of the labels.
 */
export function messagePanel(size: Size, pixels: number, text: string, detail = ''): RgbPixels {
  const key = JSON.stringify([size, pixels, text, detail])
  const earlier = kept.get(key)
  if (earlier) return earlier
  if (kept.size >= keptPanels) kept.delete(kept.keys().next().value ?? '')
  const panel = draw(size, pixels, text, detail)
  kept.set(key, panel)
  return panel
}

function draw({ width, height }: Size, labelPixels: number, text: string, detail: string): RgbPixels {
  const context = createCanvas(width, height).getContext('2d')
  context.fillStyle = '#121417'
  context.fillRect(0, 0, width, height)
  hatch(context, { width, height })
  const room = { width: width * lineShare, height: height - 2 * labelBand(labelPixels) }
  const { lines, pixels } = fitted(context, text, Math.round(labelPixels * 1.15), room)
  const detailPixels = Math.max(smallestPixels, Math.round(pixels * 0.8))
  const textHeight = lines.length * pixels * lineStep
  const hasDetail = detail !== '' && textHeight + detailPixels * 2 <= room.height
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillStyle = textColours.warning
  context.font = fontFor(text, pixels, 600)
  let y = (height - textHeight - (hasDetail ? detailPixels * 2 : 0) + pixels * lineStep) / 2
  for (const line of lines) {
    context.fillText(line, width / 2, y)
    y += pixels * lineStep
  }
  if (hasDetail) {
    context.font = fontFor(detail, detailPixels)
    context.fillStyle = textColours.quiet
    context.fillText(shortened(context, detail, room.width), width / 2, y + detailPixels * 0.2)
  }
  return rgbOf(context.getImageData(0, 0, width, height).data, width, height)
}

/** The largest size at which a sentence fits, on several lines where it must; at the smallest one it is shortened. */
function fitted(
  context: SKRSContext2D,
  text: string,
  largest: number,
  room: Size,
): { lines: string[]; pixels: number } {
  for (let pixels = largest; pixels >= smallestPixels; pixels--) {
    context.font = fontFor(text, pixels, 600)
    const lines = wrapped(context, text, room.width)
    const isNarrow = lines.every((line) => context.measureText(line).width <= room.width)
    if (isNarrow && lines.length * pixels * lineStep <= room.height) return { lines, pixels }
  }
  const pixels = Math.min(largest, smallestPixels)
  context.font = fontFor(text, pixels, 600)
  return { lines: [shortened(context, text, room.width)], pixels }
}

function wrapped(context: SKRSContext2D, text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`
    if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** Faint stripes, so that nobody takes the panel for a dark frame. */
function hatch(context: SKRSContext2D, { width, height }: Size): void {
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
