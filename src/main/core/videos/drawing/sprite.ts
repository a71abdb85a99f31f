/** Small pictures with transparency, blended into frames. */
import type { RgbPixels } from '../../images/rgbImage.ts'

/** 8-bit RGBA, not premultiplied. */
export type Sprite = { width: number; height: number; rgba: Uint8ClampedArray | Uint8Array }

/** Blends a sprite into a picture with its top left corner at (x, y); what lies outside is cut off. */
export function blend(target: RgbPixels, sprite: Sprite, x: number, y: number): void {
  const left = Math.max(0, -x)
  const right = Math.min(sprite.width, target.width - x)
  const bottom = Math.min(sprite.height, target.height - y)
  const { data } = target
  for (let row = Math.max(0, -y); row < bottom; row++) {
    let from = (row * sprite.width + left) * 4
    let to = ((y + row) * target.width + x + left) * 3
    for (let column = left; column < right; column++, from += 4, to += 3) {
      const alpha = sprite.rgba[from + 3]
      if (alpha === 0) continue
      const rest = 255 - alpha
      data[to] = (sprite.rgba[from] * alpha + data[to] * rest + 127) / 255
      data[to + 1] = (sprite.rgba[from + 1] * alpha + data[to + 1] * rest + 127) / 255
      data[to + 2] = (sprite.rgba[from + 2] * alpha + data[to + 2] * rest + 127) / 255
    }
  }
}

/** Copies a picture into a larger one with its top left corner at (x, y). It must lie inside. */
export function blit(target: RgbPixels, image: RgbPixels, x: number, y: number): void {
  const stride = image.width * 3
  for (let row = 0; row < image.height; row++) {
    target.data.set(image.data.subarray(row * stride, (row + 1) * stride), ((y + row) * target.width + x) * 3)
  }
}
