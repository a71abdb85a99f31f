/** Text in a translucent box, readable on any picture. */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { fontFor } from './fonts.ts'
import type { Sprite } from './sprite.ts'

export type LabelStyle = { colour: string; pixels: number; maxWidth: number }

/** Text colours: green and orange for prediction and reference as the user's script has them, softened for reading. */
export const textColours = {
  prediction: '#5ee38b',
  reference: '#ffb14a',
  plain: '#e9ebee',
  quiet: '#aab0b8',
  warning: '#ff8f80',
} as const

/** Text gets no smaller than this; it is shortened instead. */
export const smallestPixels = 8

/** Distance of labels from the edges of their panel. */
export const marginOf = (pixels: number) => Math.round(pixels * 0.6)
const heightOf = (pixels: number) => Math.round(pixels * 1.7)
/** The band along an edge of a panel that a label of this text size takes. */
export const labelBand = (pixels: number) => marginOf(pixels) + heightOf(pixels)

const keptSprites = 256
const sprites = new Map<string, Sprite>()
/** Drawn on and read again for every label: making a canvas takes longer than a label. */
let sheet = createCanvas(1024, 64)

/**
 * Draws a label; the last ones are kept, since most labels are the same on every frame. Text that is too wide gets
 * smaller, then loses its middle.
 */
export function label(text: string, style: LabelStyle): Sprite {
  const key = `${style.colour} ${style.pixels} ${style.maxWidth} ${text}`
  const kept = sprites.get(key)
  if (kept) return kept
  if (sprites.size >= keptSprites) sprites.delete(sprites.keys().next().value ?? '')
  const sprite = drawLabel(text, style)
  sprites.set(key, sprite)
  return sprite
}

function drawLabel(text: string, { colour, pixels, maxWidth }: LabelStyle): Sprite {
  if (maxWidth > sheet.width || heightOf(pixels) > sheet.height)
    sheet = createCanvas(Math.max(maxWidth, sheet.width), Math.max(heightOf(pixels), sheet.height))
  const context = sheet.getContext('2d')
  const { size, textWidth } = sizeThatFits(context, text, pixels, maxWidth)
  const side = Math.round(size * 0.5)
  const room = Math.max(1, maxWidth - 2 * side)
  const isTooWide = textWidth > room
  const width = isTooWide ? maxWidth : Math.ceil(textWidth) + 2 * side
  const height = heightOf(size)
  context.clearRect(0, 0, width, height)
  context.fillStyle = 'rgba(10, 12, 15, 0.66)'
  context.beginPath()
  context.roundRect(0, 0, width, height, Math.round(size * 0.3))
  context.fill()
  context.textBaseline = 'middle'
  context.fillStyle = colour
  context.fillText(isTooWide ? shortened(context, text, room) : text, side, Math.round(height * 0.52))
  return { width, height, rgba: context.getImageData(0, 0, width, height).data }
}

/** Sets the font of the context to the size at which the text fits, or to the smallest one. */
function sizeThatFits(
  context: SKRSContext2D,
  text: string,
  pixels: number,
  maxWidth: number,
): { size: number; textWidth: number } {
  const textWidth = widthOf(context, text, pixels)
  const wanted = textWidth + pixels
  if (wanted <= maxWidth) return { size: pixels, textWidth }
  const size = Math.max(Math.min(pixels, smallestPixels), Math.floor((pixels * maxWidth) / wanted))
  return { size, textWidth: widthOf(context, text, size) }
}

function widthOf(context: SKRSContext2D, text: string, pixels: number): number {
  const font = fontFor(text, pixels)
  // Setting a font costs more than measuring, so it is set only when it changes.
  if (context.font !== font) context.font = font
  return context.measureText(text).width
}

/** Cuts the middle out of text that is wider than `room`; its ends tell most. */
export function shortened(context: SKRSContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text
  const characters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment)
  for (let kept = characters.length - 1; kept > 0; kept--) {
    const head = Math.ceil(kept / 2)
    const candidate = `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (kept - head)).join('')}`
    if (context.measureText(candidate).width <= room) return candidate
  }
  return '…'
}
