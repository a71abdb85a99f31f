/** Draws first-person pictures of a grid level. Looking up and down shifts the horizon. */
import { columnPainter } from './columnPainter.ts'
import { spritePainter } from './spritePainter.ts'
import { projection, type Eye } from './view.ts'
import type { World } from './world.ts'

/**
 * @param samples rays per column of the picture, averaged: 2 smooths edges, 1 is enough for what is blurred later.
 * @returns RGB bytes, row by row.
 */
export function renderView(
  world: World,
  eye: Eye,
  width: number,
  height: number,
  samples: 1 | 2,
): Uint8Array {
  const out = new Uint8Array(width * height * 3)
  const view = { eye, width: width * samples, height, ...projection(eye, width * samples, height) }
  // One column at a time, so that what is being drawn stays in the fastest memory.
  const first = { rgb: new Uint8Array(height * 3), depth: new Float32Array(height) }
  const second = samples === 2 ? { rgb: new Uint8Array(height * 3), depth: new Float32Array(height) } : first
  const drawColumn = columnPainter(world, view)
  const drawSprites = spritePainter(world, view)
  for (let x = 0; x < width; x++) {
    drawColumn(x * samples, first)
    drawSprites(x * samples, first)
    if (samples === 2) {
      drawColumn(x * samples + 1, second)
      drawSprites(x * samples + 1, second)
    }
    const [a, b] = [first.rgb, second.rgb]
    for (let y = 0, from = 0, to = x * 3; y < height; y++, from += 3, to += width * 3) {
      out[to] = (a[from]! + b[from]! + 1) >> 1
      out[to + 1] = (a[from + 1]! + b[from + 1]! + 1) >> 1
      out[to + 2] = (a[from + 2]! + b[from + 2]! + 1) >> 1
    }
  }
  return out
}
