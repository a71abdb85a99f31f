/**
 * How a map of the sample is described. A map is a grid of 64 x 64 cells of about one metre, 16 radar pixels each:
 * solid rock from which rectangles are carved, and blocks that are put back. Heights are in cells.
 */
import type { MaterialName } from './textures.ts'
import type { SpriteKind } from './sprites.ts'

/** Cells along each side of a map. */
export const gridCells = 64

/** Radar pixels per cell: the radar picture is 1024 pixels wide. */
export const radarPixelsPerCell = 1024 / gridCells

/** A filled rectangle of cells. What is left out stays as it was below. */
export type LevelRect = {
  x: number
  y: number
  w: number
  h: number
  /** Height of the ground, or of the top of a block. */
  floor?: number
  /** Height of the ceiling; `null` opens the cell to the sky. */
  ceiling?: number | null
  /** Height of the roof over the ceiling, seen from outside. */
  roof?: number
  /** Faces of the cell: a block's sides and the wall above an opening. */
  side?: MaterialName
  top?: MaterialName
  under?: MaterialName
}

export type Rgb = readonly [number, number, number]
export type Lamp = { x: number; y: number; radius: number; strength: number }
export type PlacedSprite = { kind: SpriteKind; x: number; y: number }

export type Level = {
  map: 'de_dust2' | 'de_nuke'
  radarFile: string
  ground: LevelRect[]
  blocks: LevelRect[]
  /** Blocks that only exist in the imagination of an early checkpoint. */
  phantoms: LevelRect[]
  lamps: Lamp[]
  sprites: PlacedSprite[]
  /** Closed walks through free cells; corners are rounded later. */
  loops: (readonly [number, number])[][]
  sun: { azimuth: number; elevation: number; color: Rgb }
  ambient: Rgb
  lampColor: Rgb
  fog: { color: Rgb; density: number }
  sky: { zenith: Rgb; horizon: Rgb; cloud: Rgb; cloudiness: number }
  radar: { ground: Rgb; roof: Rgb; line: Rgb }
  /** Game height of cell height 0, and game units per cell of height. */
  zOrigin: number
  zPerCell: number
}

/** `n` rectangles that climb from `from` to `to` in equal steps along x or y. */
export function stairs(
  area: { x: number; y: number; w: number; h: number },
  along: 'x' | 'y',
  from: number,
  to: number,
  material: MaterialName = 'slab',
): LevelRect[] {
  const n = along === 'x' ? area.w : area.h
  return Array.from({ length: n }, (_, i) => ({
    ...area,
    ...(along === 'x' ? { x: area.x + i, w: 1 } : { y: area.y + i, h: 1 }),
    floor: from + ((to - from) * (i + 1)) / (n + 1),
    side: material,
    top: material,
  }))
}

/** Ground under the sky. */
export const open = (
  x: number,
  y: number,
  w: number,
  h: number,
  top: MaterialName,
  floor = 0,
): LevelRect => ({
  ...{ x, y, w, h, top, floor },
  ceiling: null,
})
/** A wall or house. */
export const solid = (
  x: number,
  y: number,
  w: number,
  h: number,
  side: MaterialName,
  height: number,
): LevelRect => ({
  ...{ x, y, w, h, side },
  floor: height,
  ceiling: null,
  top: 'roof',
})
/** A wooden box of any height. */
export const crate = (x: number, y: number, w: number, h: number, floor = 1.1): LevelRect => ({
  ...{ x, y, w, h, floor },
  side: 'crate',
  top: 'crate',
})
/** An opening with a ceiling: [x, y, w, h], then heights and materials. */
export const passage = (
  [x, y, w, h]: readonly [number, number, number, number],
  ceiling: number,
  roof: number,
  side: MaterialName,
  under: MaterialName,
): LevelRect => ({ x, y, w, h, ceiling, roof, side, under })
