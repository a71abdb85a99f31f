/** Text in a translucent box, readable on any picture. */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { fontFor } from './fonts.ts'
import { spriteOf, type Sprite } from './sprite.ts'

export type LabelStyle = { colour: string; pixels: number; maxWidth: number }

/** Text colours: green and orange for prediction and reference as the user's script has them, softened for reading. */
export const textColours = {
  prediction: '#5ee38b',
  reference: '#ffb14a',
  plain: '#e9ebee',
  quiet: '#aab0b8',
  warning: '#ff8f80',
} as const

const keptSprites = 256
const sprites = new Map<string, Sprite>()
const measuring = createCanvas(8, 8).getContext('2d')
const smallestPixels = 8

/** Text size that suits a panel: a twenty-fourth of its height, and no more than its width carries. */
export function textPixels(panel: { width: number; height: number }): number {
  return Math.round(Math.min(40, Math.max(10, Math.min(panel.height / 24, panel.width / 26))))
}

/**
 * Draws a label; the last ones are kept, since most labels are the same on every frame. Text that is too wide gets
 * smaller, then loses its middle.
 */
export function label(text: string, style: LabelStyle): Sprite {
  const key = JSON.stringify([text, style])
  const kept = sprites.get(key)
  if (kept) return kept
  if (sprites.size >= keptSprites) sprites.delete(sprites.keys().next().value ?? '')
  const sprite = drawLabel(text, style)
  sprites.set(key, sprite)
  return sprite
}

function drawLabel(text: string, { colour, pixels, maxWidth }: LabelStyle): Sprite {
  const { size, textWidth } = sizeThatFits(text, pixels, maxWidth)
  const side = Math.round(size * 0.5)
  const room = Math.max(1, maxWidth - 2 * side)
  const isTooWide = textWidth > room
  const shown = isTooWide ? shortened(measuring, text, room) : text
  const width = isTooWide ? maxWidth : Math.ceil(textWidth) + 2 * side
  const height = Math.round(size * 1.7)
  const canvas = createCanvas(Math.max(1, width), height)
  const context = canvas.getContext('2d')
  context.fillStyle = 'rgba(10, 12, 15, 0.66)'
  context.beginPath()
  context.roundRect(0, 0, canvas.width, height, Math.round(size * 0.3))
  context.fill()
  context.font = fontFor(text, size)
  context.textBaseline = 'middle'
  context.fillStyle = colour
  context.fillText(shown, side, Math.round(height * 0.52))
  return spriteOf(canvas)
}

function sizeThatFits(text: string, pixels: number, maxWidth: number): { size: number; textWidth: number } {
  const textWidth = widthOf(text, pixels)
  const wanted = textWidth + pixels
  if (wanted <= maxWidth) return { size: pixels, textWidth }
  const size = Math.max(Math.min(pixels, smallestPixels), Math.floor((pixels * maxWidth) / wanted))
  return { size, textWidth: widthOf(text, size) }
}

let measuringFont = ''

/** Width of text in pixels. Setting a font costs more than measuring, so it is only set when it changes. */
function widthOf(text: string, pixels: number): number {
  const font = fontFor(text, pixels)
  if (font !== measuringFont) measuring.font = font
  measuringFont = font
  return measuring.measureText(text).width
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
