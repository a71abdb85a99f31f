/**
 * Ground, walls, ceilings and sky of one column: a ray marches from cell to cell and paints ground, ceilings and the
 * faces between them from near to far, so that no pixel is painted twice. A column is drawn in a window [top, bottom) of
 * rows that are still free.
 */
import { gridCells } from './level.ts'
import { skyOf } from './sky.ts'
import { texelsPerCell, textureSize } from './textures.ts'
import { planeHalfWidth, toneCurve, type Column, type View } from './view.ts'
import {
  cellStride,
  lightChannels,
  lightNodes,
  nodeStride,
  sunAt,
  traceSun,
  upperSurface,
  type World,
} from './world.ts'

/** Rows of ground that share a light look-up and a texture level. */
const spanRows = 6
const nodeLight = new Float64Array(3)
const fogSteps = 1024
const fogStepsPerCell = 12
/** What draws ground, walls, ceilings and sky of one column. */
export function columnPainter(world: World, view: View): (x: number, column: Column) => void {
  const { level, floor, ceiling, roof, side, top: topMaterial, under, textures, light } = world
  const { eye, width, height, scale, scaleAcross, horizon, forwardX, forwardY } = view
  const sky = skyOf(level)
  const fog = new Float32Array(fogSteps).map(
    (_, i) => 1 - Math.exp((-i / fogStepsPerCell) * level.fog.density),
  )
  const [fogR, fogG, fogB] = level.fog.color
  const [ambientR, ambientG, ambientB] = level.ambient
  const [sunR, sunG, sunB] = level.sun.color
  const [lampR, lampG, lampB] = level.lampColor
  const sunAcross = Math.cos(level.sun.elevation)
  const sunX = Math.cos(level.sun.azimuth) * sunAcross
  const sunY = Math.sin(level.sun.azimuth) * sunAcross
  const finestLevel = textures[0]!.levels.length - 1

  let rgb: Uint8Array = new Uint8Array()
  let depth: Float32Array = new Float32Array()
  let rayX = 0
  let rayY = 0

  /** Texture level on which a texel is about one pixel. */
  const levelAt = (texelsPerPixel: number) => {
    const level = texelsPerPixel < 1 ? 0 : 31 - Math.clz32(texelsPerPixel)
    return level > finestLevel ? finestLevel : level
  }

  // The two loops below paint every pixel: plain locals, nothing allocated, the common steps written out.

  /** Rows of a horizontal surface at `z`, inside one cell. */
  const drawFlat = (cell: number, z: number, from: number, to: number, isCeiling: boolean) => {
    const levels = textures[(isCeiling ? under : topMaterial)[cell]!]!.levels
    const rise = (eye.z - z) * scale
    const drop = 1 / Math.abs(eye.z - z)
    const cellX = cell % gridCells
    const cellY = (cell - cellX) / gridCells
    const base = cell * cellStride
    const eyeX = eye.x
    const eyeY = eye.y
    const dx = rayX
    const dy = rayY
    const sunShare = isCeiling ? 0 : 1
    const lampShare = isCeiling ? 0.55 : 1
    const spreadPerCell = texelsPerCell / scale / 1.4
    let untilRow = from
    let red = 0
    let green = 0
    let blue = 0
    let redStep = 0
    let greenStep = 0
    let blueStep = 0
    let texels = levels[0]!
    let size = textureSize
    let perCell = texelsPerCell
    let isMagnified = false
    for (let row = from; row < to; row++) {
      if (row === untilRow) {
        // Light and texture level change slowly: looked up at the ends of a few rows, drawn as a line between.
        const rows = Math.min(spanRows, to - row)
        untilRow = row + rows
        const last = rise / (untilRow - 0.5 - horizon)
        if (row === from) {
          const first = rise / (row + 0.5 - horizon)
          lightAtNode(base, eyeX + dx * first - cellX, eyeY + dy * first - cellY, sunShare, lampShare)
        }
        red = nodeLight[0]!
        green = nodeLight[1]!
        blue = nodeLight[2]!
        lightAtNode(base, eyeX + dx * last - cellX, eyeY + dy * last - cellY, sunShare, lampShare)
        redStep = (nodeLight[0]! - red) / rows
        greenStep = (nodeLight[1]! - green) / rows
        blueStep = (nodeLight[2]! - blue) / rows
        // One pixel covers more ground along the ray than across it; the mean of both decides.
        const middle = rise / (row + rows / 2 - horizon)
        const spread = spreadPerCell * middle * Math.sqrt(Math.max(1, middle * drop))
        isMagnified = spread < 0.7
        const mip = levelAt(spread)
        texels = levels[mip]!
        size = textureSize >> mip
        perCell = texelsPerCell >> mip
      }
      const distance = rise / (row + 0.5 - horizon)
      const x = eyeX + dx * distance
      const y = eyeY + dy * distance
      const texel = isMagnified
        ? between(texels, x, y)
        : texels[((x * perCell) & (size - 1)) * size + ((y * perCell) & (size - 1))]!
      const step = (distance * fogStepsPerCell) | 0
      const f = fog[step < fogSteps ? step : fogSteps - 1]!
      const k = 1 - f
      const isGlowing = texel < 0
      const at = row * 3
      rgb[at] = toneCurve[((texel & 255) * (isGlowing ? 1.5 : red) * k + fogR * f) | 0]!
      rgb[at + 1] = toneCurve[(((texel >>> 8) & 255) * (isGlowing ? 1.5 : green) * k + fogG * f) | 0]!
      rgb[at + 2] = toneCurve[(((texel >>> 16) & 255) * (isGlowing ? 1.5 : blue) * k + fogB * f) | 0]!
      depth[row] = distance
      red += redStep
      green += greenStep
      blue += blueStep
    }
  }

  /** Light at a point of a cell's ground (`u`, `v` from 0 to 1), between the four nodes around it, into `nodeLight`. */
  const lightAtNode = (base: number, u: number, v: number, sunShare: number, lampShare: number) => {
    const x = (u < 0 ? 0 : u > 0.999 ? 0.999 : u) * (lightNodes - 1)
    const y = (v < 0 ? 0 : v > 0.999 ? 0.999 : v) * (lightNodes - 1)
    const ix = x | 0
    const iy = y | 0
    const fx = x - ix
    const fy = y - iy
    const a = base + iy * nodeStride + ix * lightChannels
    const b = a + nodeStride
    const w00 = (1 - fx) * (1 - fy)
    const w10 = fx * (1 - fy)
    const w01 = (1 - fx) * fy
    const w11 = fx * fy
    const open = light[a]! * w00 + light[a + 3]! * w10 + light[b]! * w01 + light[b + 3]! * w11
    const sun =
      (light[a + 1]! * w00 + light[a + 4]! * w10 + light[b + 1]! * w01 + light[b + 4]! * w11) * sunShare
    const lamp =
      (light[a + 2]! * w00 + light[a + 5]! * w10 + light[b + 2]! * w01 + light[b + 5]! * w11) * lampShare
    nodeLight[0] = ambientR * open + sunR * sun + lampR * lamp
    nodeLight[1] = ambientG * open + sunG * sun + lampG * lamp
    nodeLight[2] = ambientB * open + sunB * sun + lampB * lamp
  }

  /** Rows of an upright face of `cell`, seen from `front`. */
  const drawFace = (
    cell: number,
    front: number,
    distance: number,
    isEastWest: boolean,
    from: number,
    to: number,
  ) => {
    if (from >= to) return
    const levels = textures[side[cell]!]!.levels
    const x = eye.x + rayX * distance
    const y = eye.y + rayY * distance
    const u = isEastWest ? y : x
    // Towards the viewer.
    const normalX = isEastWest ? -Math.sign(rayX) : 0
    const normalY = isEastWest ? 0 : -Math.sign(rayY)
    const facing = sunX * normalX + sunY * normalY
    const outX = x + normalX * 0.02
    const outY = y + normalY * 0.02
    const ground = floor[front]!
    const isInside = ceiling[front] !== Infinity
    const lamp = lampAtGround(front, outX, outY) * 0.95
    const spread = (texelsPerCell * distance) / Math.min(scale, scaleAcross) / 1.4
    const mip = levelAt(spread)
    const isMagnified = spread < 0.7
    const texels = levels[mip]!
    const size = textureSize >> mip
    const perCell = texelsPerCell >> mip
    const textureColumn = ((u * perCell) & (size - 1)) * size
    // Faces turned to different sides differ even in shade.
    const ambient = (isEastWest ? 0.92 : 1.04) * (isInside ? 0.62 : 1)
    const step = (distance * fogStepsPerCell) | 0
    const f = fog[step < fogSteps ? step : fogSteps - 1]!
    const k = 1 - f
    const cellsPerRow = distance / scale
    const shade = facing > 0 ? traceSun(world, outX, outY) : undefined
    for (let row = to - 1; row >= from; row--) {
      const z = eye.z - (row + 0.5 - horizon) * cellsPerRow
      const low = z - ground
      const contact = ambient * (low < 0.9 ? 0.66 + 0.378 * low : 1) * k
      const sunK = shade ? sunAt(shade, z) * facing * 1.15 * k : 0
      const lampK = lamp * k
      // Heights may lie below zero, but never a whole texture below.
      const texel = isMagnified
        ? between(texels, u, z + 4)
        : texels[textureColumn + (((z + 4) * perCell) & (size - 1))]!
      const isGlowing = texel < 0
      const at = row * 3
      const lightR = isGlowing ? 1.5 : ambientR * contact + sunR * sunK + lampR * lampK
      const lightG = isGlowing ? 1.5 : ambientG * contact + sunG * sunK + lampG * lampK
      const lightB = isGlowing ? 1.5 : ambientB * contact + sunB * sunK + lampB * lampK
      rgb[at] = toneCurve[((texel & 255) * lightR + fogR * f) | 0]!
      rgb[at + 1] = toneCurve[(((texel >>> 8) & 255) * lightG + fogG * f) | 0]!
      rgb[at + 2] = toneCurve[(((texel >>> 16) & 255) * lightB + fogB * f) | 0]!
      depth[row] = distance
    }
  }

  const lampAtGround = (cell: number, x: number, y: number) => {
    const column = Math.round(Math.min(1, Math.max(0, x - (cell % gridCells))) * (lightNodes - 1))
    const row = Math.round(Math.min(1, Math.max(0, y - Math.floor(cell / gridCells))) * (lightNodes - 1))
    return light[cell * cellStride + row * nodeStride + column * lightChannels + 2]!
  }

  const drawSky = (from: number, to: number) => {
    const angle = Math.atan2(rayY, rayX)
    const stretch = Math.hypot(rayX, rayY)
    for (let row = from; row < to; row++) {
      const at = row * 3
      const up = (horizon - row - 0.5) / scale / stretch
      const texel = sky.at(angle, up)
      rgb[at] = texel & 255
      rgb[at + 1] = (texel >>> 8) & 255
      rgb[at + 2] = (texel >>> 16) & 255
      depth[row] = Infinity
    }
  }

  /** Over a roof the march goes on above it, where every roofed cell is a block. */
  const march = (start: number, firstTop: number, firstBottom: number, isAboveRoofs: boolean) => {
    let top = firstTop
    let bottom = firstBottom
    const deltaX = Math.abs(1 / rayX)
    const deltaY = Math.abs(1 / rayY)
    const stepX = rayX > 0 ? 1 : -1
    const stepY = rayY > 0 ? 1 : -1
    let cx = Math.floor(eye.x + rayX * start)
    let cy = Math.floor(eye.y + rayY * start)
    let nextX = (rayX > 0 ? cx + 1 - eye.x : eye.x - cx) * deltaX
    let nextY = (rayY > 0 ? cy + 1 - eye.y : eye.y - cy) * deltaY
    let cell = cy * gridCells + cx
    for (;;) {
      const distance = Math.max(1e-4, Math.min(nextX, nextY))
      const z = isAboveRoofs ? upperSurface(world, cell) : floor[cell]!
      if (eye.z > z) {
        const edge = Math.max(top, rowOf(z, distance))
        if (edge < bottom) {
          drawFlat(cell, z, edge, bottom, false)
          bottom = edge
        }
      }
      const over = isAboveRoofs ? Infinity : ceiling[cell]!
      if (eye.z < over && over !== Infinity) {
        const edge = Math.min(bottom, rowOf(over, distance))
        if (edge > top) {
          drawFlat(cell, over, top, edge, true)
          top = edge
        }
      }
      if (top >= bottom) return
      const isEastWest = nextX < nextY
      const front = cell
      if (isEastWest) {
        cx += stepX
        nextX += deltaX
      } else {
        cy += stepY
        nextY += deltaY
      }
      if (cx < 0 || cy < 0 || cx >= gridCells || cy >= gridCells) return drawSky(top, bottom)
      cell = cy * gridCells + cx
      const nextZ = isAboveRoofs ? upperSurface(world, cell) : floor[cell]!
      if (nextZ > z) {
        const edge = Math.max(top, rowOf(nextZ, distance))
        if (edge < bottom) {
          drawFace(cell, front, distance, isEastWest, edge, bottom)
          bottom = edge
        }
      }
      const nextOver = isAboveRoofs ? Infinity : ceiling[cell]!
      if (nextOver < over) {
        const upper = Math.min(over, roof[cell]!)
        const from = Math.min(bottom, Math.max(top, rowOf(upper, distance)))
        const to = Math.min(bottom, Math.max(top, rowOf(nextOver, distance)))
        if (over === Infinity && from > top) march(distance + 1e-4, top, from, true)
        drawFace(cell, front, distance, isEastWest, from, to)
        top = to
      }
      if (top >= bottom) return
    }
  }
  /** First row whose centre lies at or below height `z` at this distance. */
  const rowOf = (z: number, distance: number) => {
    const row = Math.ceil(horizon + ((eye.z - z) * scale) / distance - 0.5)
    return row < 0 ? 0 : row > height ? height : row
  }

  return (x, column) => {
    rgb = column.rgb
    depth = column.depth
    const across = ((2 * (x + 0.5)) / width - 1) * planeHalfWidth
    rayX = forwardX - forwardY * across
    rayY = forwardY + forwardX * across
    if (Math.abs(rayX) < 1e-7) rayX = 1e-7
    if (Math.abs(rayY) < 1e-7) rayY = 1e-7
    march(0, 0, height, false)
  }
}

/** The finest level of a texture between its texels, where it is drawn larger than it is. Coordinates are positive. */
function between(texels: Int32Array, u: number, v: number): number {
  const x = u * texelsPerCell + textureSize - 0.5
  const y = v * texelsPerCell + textureSize - 0.5
  const x0 = x | 0
  const y0 = y | 0
  const fx = ((x - x0) * 256) | 0
  const fy = ((y - y0) * 256) | 0
  const mask = textureSize - 1
  const column0 = (x0 & mask) * textureSize
  const column1 = ((x0 + 1) & mask) * textureSize
  const row0 = y0 & mask
  const row1 = (y0 + 1) & mask
  return lerpTexel(
    lerpTexel(texels[column0 + row0]!, texels[column0 + row1]!, fy),
    lerpTexel(texels[column1 + row0]!, texels[column1 + row1]!, fy),
    fx,
  )
}

/** Mixes two texels, t from 0 to 256, two channels at a time. */
function lerpTexel(a: number, b: number, t: number): number {
  const k = 256 - t
  const evens = (((a & 0xff00ff) * k + (b & 0xff00ff) * t) >>> 8) & 0xff00ff
  const odds = (((a >>> 8) & 0xff00ff) * k + ((b >>> 8) & 0xff00ff) * t) & 0xff00ff00
  return evens | odds
}
