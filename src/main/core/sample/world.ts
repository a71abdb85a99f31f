/** A level as cells, and made ready for drawing: sun shadows, contact shadows and lamp light baked in. */
import { gridCells, type Level, type LevelRect } from './level.ts'
import { textureOf, type MaterialName, type Texture } from './textures.ts'

/** Light is stored on `lightNodes` x `lightNodes` points per cell, edges included, so that it never leaks over an edge. */
export const lightNodes = 7
/** Values per light node: contact shadow 0 to 1, sun 0 to 1, lamps. */
export const lightChannels = 3
/** Values per row of nodes, and per cell. */
export const nodeStride = lightNodes * lightChannels
export const cellStride = lightNodes * nodeStride

/** The shape of a level. */
export type Terrain = {
  level: Level
  /** Height of the ground or block top, per cell (row by row). */
  floor: Float32Array
  /** Height of the ceiling; Infinity under the sky. */
  ceiling: Float32Array
  roof: Float32Array
  /** Indices into `materials`. */
  side: Uint8Array
  top: Uint8Array
  under: Uint8Array
  materials: MaterialName[]
}

/** A level that can be drawn. */
export type World = Terrain & {
  /** One for each of `materials`. */
  textures: Texture[]
  /** cell, node row, node column, channel. */
  light: Float32Array
}

/** Paints the materials and bakes the light: takes about a second. */
export function lightWorld(terrain: Terrain): World {
  const light = new Float32Array(terrain.floor.length * lightNodes * lightNodes * lightChannels)
  bakeLight(terrain, light)
  return { ...terrain, textures: terrain.materials.map(textureOf), light }
}

/** @param withPhantoms adds the walls that an early checkpoint imagines. */
export function layOut(level: Level, withPhantoms = false): Terrain {
  const cells = gridCells * gridCells
  const materials: MaterialName[] = []
  const indexOf = (material: MaterialName) => {
    const known = materials.indexOf(material)
    return known >= 0 ? known : materials.push(material) - 1
  }
  const terrain: Terrain = {
    level,
    floor: new Float32Array(cells),
    ceiling: new Float32Array(cells).fill(Infinity),
    roof: new Float32Array(cells).fill(Infinity),
    side: new Uint8Array(cells).fill(indexOf('sandstone')),
    top: new Uint8Array(cells).fill(indexOf('roof')),
    under: new Uint8Array(cells).fill(indexOf('planks')),
    materials,
  }
  const fill = (rect: LevelRect) => {
    for (let y = rect.y; y < rect.y + rect.h; y++) {
      for (let x = rect.x; x < rect.x + rect.w; x++) {
        const i = y * gridCells + x
        if (rect.floor !== undefined) terrain.floor[i] = rect.floor
        if (rect.ceiling !== undefined) terrain.ceiling[i] = rect.ceiling ?? Infinity
        if (rect.roof !== undefined) terrain.roof[i] = rect.roof
        if (rect.side) terrain.side[i] = indexOf(rect.side)
        if (rect.top) terrain.top[i] = indexOf(rect.top)
        if (rect.under) terrain.under[i] = indexOf(rect.under)
      }
    }
  }
  for (const rect of [...level.ground, ...level.blocks, ...(withPhantoms ? level.phantoms : [])]) fill(rect)
  for (let i = 0; i < cells; i++) {
    // A block that reaches its ceiling is a solid wall up to the roof.
    if (terrain.floor[i]! >= terrain.ceiling[i]!) {
      terrain.floor[i] = terrain.roof[i]!
      terrain.ceiling[i] = Infinity
    }
    if (terrain.ceiling[i] === Infinity) terrain.roof[i] = Infinity
  }
  return terrain
}

/** Height of whatever stops the sun or the eye from above: roof where there is one, else the ground. */
export function upperSurface(world: Terrain, cell: number): number {
  return world.ceiling[cell] === Infinity ? world.floor[cell]! : world.roof[cell]!
}

/** What shades the points above one place: everything below `top`, and the heights between roofs and ceilings. */
export type SunShade = {
  top: number
  softness: number
  roofs: { low: number; high: number; softness: number }[]
}

const neverShaded: SunShade = { top: -Infinity, softness: 1, roofs: [] }

/** Follows the sun's ray from a place once, for all heights above it. */
export function traceSun(terrain: Terrain, x: number, y: number): SunShade {
  const { azimuth, elevation } = terrain.level.sun
  const dx = Math.cos(azimuth)
  const dy = Math.sin(azimuth)
  const rise = Math.tan(elevation)
  let cx = Math.floor(x)
  let cy = Math.floor(y)
  if (cx < 0 || cy < 0 || cx >= gridCells || cy >= gridCells) return neverShaded
  const shade: SunShade = { top: -Infinity, softness: 1, roofs: [] }
  const stepX = dx > 0 ? 1 : -1
  const stepY = dy > 0 ? 1 : -1
  const deltaX = Math.abs(1 / dx)
  const deltaY = Math.abs(1 / dy)
  let nextX = (dx > 0 ? cx + 1 - x : x - cx) * deltaX
  let nextY = (dy > 0 ? cy + 1 - y : y - cy) * deltaY
  let near = 0
  let roof: SunShade['roofs'][number] | undefined
  // Nothing is higher than 8 cells: from there on every ray is free.
  while (near * rise < 8) {
    const far = Math.min(nextX, nextY)
    const cell = cy * gridCells + cx
    const softness = 0.06 + 0.05 * near
    const top = terrain.floor[cell]! - near * rise
    if (near > 0 && top > shade.top) {
      shade.top = top
      shade.softness = softness
    }
    if (terrain.ceiling[cell] === Infinity) roof = undefined
    else if (roof) roof.low = Math.min(roof.low, terrain.ceiling[cell]! - far * rise)
    else {
      roof = { low: terrain.ceiling[cell]! - far * rise, high: terrain.roof[cell]! - near * rise, softness }
      shade.roofs.push(roof)
    }
    near = far
    if (nextX < nextY) {
      cx += stepX
      nextX += deltaX
    } else {
      cy += stepY
      nextY += deltaY
    }
    if (cx < 0 || cy < 0 || cx >= gridCells || cy >= gridCells) break
  }
  return shade
}

/** How much of the sun reaches height `z`, 0 to 1. The soft edge lies inside the shadow, so level ground stays clear. */
export function sunAt(shade: SunShade, z: number): number {
  let lit = clamp01(1 + (z - shade.top) / shade.softness)
  for (const roof of shade.roofs) {
    const depth = Math.min(z - roof.low, roof.high - z)
    if (depth > 0) lit = Math.min(lit, 1 - clamp01(depth / roof.softness))
  }
  return lit
}

/** Lamp light at a point of the ground: falls to zero at each lamp's radius. Lamps hang under ceilings only. */
function lampsAt(world: Terrain, x: number, y: number): number {
  let sum = 0
  for (const lamp of world.level.lamps) {
    const distance = Math.hypot(lamp.x - x, lamp.y - y) / lamp.radius
    if (distance < 1) sum += lamp.strength * (1 - distance * distance) ** 2
  }
  return sum
}

function bakeLight(world: Terrain, light: Float32Array): void {
  let at = 0
  for (let cy = 0; cy < gridCells; cy++) {
    for (let cx = 0; cx < gridCells; cx++) {
      const cell = cy * gridCells + cx
      const isSolid = world.floor[cell]! > 3.5
      for (let row = 0; row < lightNodes; row++) {
        for (let column = 0; column < lightNodes; column++, at += lightChannels) {
          // A little inside the cell, so that the neighbour's surface is not asked for.
          const x = cx + 0.01 + (0.98 * column) / (lightNodes - 1)
          const y = cy + 0.01 + (0.98 * row) / (lightNodes - 1)
          light[at] = isSolid ? 0.9 : openness(world, cx, cy, x, y)
          light[at + 1] = isSolid ? 1 : sunAt(traceSun(world, x, y), world.floor[cell]!)
          light[at + 2] = lampsAt(world, x, y)
        }
      }
    }
  }
}

/** Contact shadow: 1 in the open, down to about 0.5 in a corner or deep under a roof. */
function openness(world: Terrain, cx: number, cy: number, x: number, y: number): number {
  const own = world.floor[cy * gridCells + cx]!
  let open = 1
  for (let ny = Math.max(0, cy - 1); ny <= Math.min(gridCells - 1, cy + 1); ny++) {
    for (let nx = Math.max(0, cx - 1); nx <= Math.min(gridCells - 1, cx + 1); nx++) {
      const rise = Math.min(1.5, world.floor[ny * gridCells + nx]! - own)
      if (rise <= 0) continue
      const dx = Math.max(nx - x, 0, x - nx - 1)
      const dy = Math.max(ny - y, 0, y - ny - 1)
      const near = clamp01(1 - Math.hypot(dx, dy) / 0.9)
      open *= 1 - 0.3 * Math.min(1, rise) * near * near
    }
  }
  return world.ceiling[cy * gridCells + cx] === Infinity ? open : open * 0.62
}

const clamp01 = (x: number) => (x < 0 ? 0 : x > 1 ? 1 : x)
