/** The radar picture of a level: 1024 x 1024, seen from above, walls dark, ground lit, outlines around what can be walked. */
import { sharp } from '../images/sharp.ts'
import { gridCells, radarPixelsPerCell } from './level.ts'
import { meanColor } from './textures.ts'
import { lightChannels, lightNodes, type World } from './world.ts'

export const radarSize = gridCells * radarPixelsPerCell

/** Cells higher than this cannot be walked on. */
const wallHeight = 3.5

/** Draws the radar. Radar pixel (x, y) is the ground at cell (x / 16, y / 16). */
export function drawRadar(world: World): Uint8Array {
  const { radar } = world.level
  const colors = world.materials.map(meanColor)
  const rgb = new Uint8Array(radarSize * radarSize * 3)
  for (let y = 0, at = 0; y < radarSize; y++) {
    for (let x = 0; x < radarSize; x++, at += 3) {
      const cell = cellAt(x, y)
      const isWall = world.floor[cell]! > wallHeight
      const edge = distanceToEdge(world, x, y, isWall)
      const color = isWall ? wallColor(radar.roof, x, y, edge) : groundColor(world, colors, cell, x, y)
      const line = isWall ? clamp01(2.2 - edge) : 0
      const near = isWall ? 1 : 0.8 + 0.2 * clamp01(edge / 5)
      for (let c = 0; c < 3; c++)
        rgb[at + c] = clamp255((color[c]! * (1 - line) + radar.line[c]! * line) * near)
    }
  }
  return rgb
}

/** The radar as a PNG. */
export function radarPng(world: World): Promise<Buffer> {
  return sharp(drawRadar(world), { raw: { width: radarSize, height: radarSize, channels: 3 } })
    .png({ compressionLevel: 6 })
    .toBuffer()
}

const cellAt = (x: number, y: number) =>
  Math.floor(y / radarPixelsPerCell) * gridCells + Math.floor(x / radarPixelsPerCell)

function groundColor(
  world: World,
  colors: [number, number, number][],
  cell: number,
  x: number,
  y: number,
): number[] {
  const floor = world.floor[cell]!
  const isRoofed = world.ceiling[cell] !== Infinity
  const u = (x % radarPixelsPerCell) / radarPixelsPerCell
  const v = (y % radarPixelsPerCell) / radarPixelsPerCell
  const node = Math.round(v * (lightNodes - 1)) * lightNodes + Math.round(u * (lightNodes - 1))
  const at = (cell * lightNodes * lightNodes + node) * lightChannels
  const light =
    0.72 +
    0.2 * world.light[at + 1]! +
    0.12 * (world.light[at]! - 1) +
    0.1 * Math.min(1, world.light[at + 2]!)
  const height = 1 + 0.13 * Math.max(-1, Math.min(1.5, floor))
  const material = colors[world.top[cell]!]!
  const isBlock = floor > 0.9 && world.side[cell] === world.top[cell]
  const rim = isBlock && (u < 0.08 || v < 0.08 || u > 0.92 || v > 0.92) ? 0.6 : 1
  const share = isBlock ? 0.85 : 0.4
  return world.level.radar.ground.map((base, c) => {
    const mixed = base * (1 - share) + material[c]! * share
    return mixed * light * height * rim * (isRoofed ? 0.72 : 1)
  })
}

/** Fine hatching far from the ground, so that solid rock does not look like a hole. */
function wallColor(roof: readonly number[], x: number, y: number, edge: number): number[] {
  const hatch = edge >= 6 && (x + y) % 12 < 1 ? 1.22 : 1
  return roof.map((c) => c * hatch)
}

/** Pixels to the nearest cell of the other kind (wall or not), up to 6. */
function distanceToEdge(world: World, x: number, y: number, isWall: boolean): number {
  const [u, v] = [x % radarPixelsPerCell, y % radarPixelsPerCell]
  const far = radarPixelsPerCell - 1
  if (u > 5 && v > 5 && u < far - 5 && v < far - 5) return 6
  let nearest = 6
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const [nx, ny] = [Math.floor(x / radarPixelsPerCell) + dx, Math.floor(y / radarPixelsPerCell) + dy]
      if (nx < 0 || ny < 0 || nx >= gridCells || ny >= gridCells) continue
      if (world.floor[ny * gridCells + nx]! > wallHeight === isWall) continue
      const gapX = dx < 0 ? u : dx > 0 ? far - u : 0
      const gapY = dy < 0 ? v : dy > 0 ? far - v : 0
      nearest = Math.min(nearest, Math.hypot(gapX, gapY))
    }
  }
  return nearest
}

const clamp01 = (x: number) => (x < 0 ? 0 : x > 1 ? 1 : x)
const clamp255 = (x: number) => (x < 0 ? 0 : x > 255 ? 255 : x)
