/** The sky of a level as a panorama: gradient, clouds, a sun and its glow. */
import { tilingFbm } from './random.ts'
import type { Level } from './level.ts'

const columns = 1024
const rows = 256
/** The panorama reaches from a little below the horizon to this tangent above it. */
const lowest = -0.15
const highest = 1.5

/** Looks up a direction: yaw in radians, and the tangent of the height above the horizon. Gives 0xBBGGRR. */
export type Sky = { at(yaw: number, tangent: number): number }

const painted = new Map<string, Sky>()

/** The sky of a level, painted on first use. */
export function skyOf(level: Level): Sky {
  const known = painted.get(level.map)
  if (known) return known
  const pixels = paint(level)
  const sky: Sky = {
    at(yaw, tangent) {
      const row = Math.floor(((tangent - lowest) / (highest - lowest)) * rows)
      const column = Math.floor((yaw / (2 * Math.PI) + 1) * columns) & (columns - 1)
      return pixels[(row < 0 ? 0 : row >= rows ? rows - 1 : row) * columns + column]!
    },
  }
  painted.set(level.map, sky)
  return sky
}

function paint(level: Level): Uint32Array {
  const { zenith, horizon, cloud, cloudiness } = level.sky
  const sunTangent = Math.tan(level.sun.elevation)
  const pixels = new Uint32Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    const tangent = lowest + ((row + 0.5) / rows) * (highest - lowest)
    const climb = Math.max(0, Math.min(1, tangent / highest)) ** 0.6
    // Clouds flatten towards the horizon, as a ceiling seen from below does.
    const lift = 1 / (0.22 + Math.max(0, tangent))
    for (let column = 0; column < columns; column++) {
      const yaw = (column / columns) * 2 * Math.PI
      const density = tilingFbm((column / columns) * 12, lift * 1.7, 12, 4, 401)
      const cover =
        smoothstep(1 - cloudiness - 0.12, 1 - cloudiness + 0.2, density) * smoothstep(0, 0.2, tangent)
      // Thick clouds are darker below.
      const shade = 1.03 - 0.22 * smoothstep(0.5, 0.85, density)
      const away = Math.hypot(
        Math.atan2(Math.sin(yaw - level.sun.azimuth), Math.cos(yaw - level.sun.azimuth)),
        tangent - sunTangent,
      )
      const glow = 46 * Math.exp(-away * 2.2) + (away < 0.045 ? 120 : 120 * Math.exp(-(away - 0.045) * 26))
      let packed = 0
      for (let c = 0; c < 3; c++) {
        const clear = horizon[c]! + (zenith[c]! - horizon[c]!) * climb
        const value = clear + (cloud[c]! * shade - clear) * cover * 0.85 + glow * (1 - 0.12 * c)
        packed |= Math.max(0, Math.min(255, Math.round(value))) << (8 * c)
      }
      pixels[row * columns + column] = packed
    }
  }
  return pixels
}

function smoothstep(from: number, to: number, x: number): number {
  const t = Math.max(0, Math.min(1, (x - from) / (to - from)))
  return t * t * (3 - 2 * t)
}
