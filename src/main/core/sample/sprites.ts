/** Things that always face the camera: plants, barrels. Painted once; alpha is all or nothing. */
import { hash01, tilingFbm } from './random.ts'

export type SpriteKind = 'palm' | 'bush' | 'barrel' | 'drum'

/** Texels as 0xAABBGGRR, row 0 at the top; width and height in cells. */
export type Sprite = { pixels: Uint32Array; columns: number; rows: number; width: number; height: number }

type Rgba = readonly [number, number, number] | undefined
type SpritePainter = { width: number; height: number; rows: number; paint(x: number, y: number): Rgba }

const shade = (base: readonly number[], k: number): Rgba => [base[0]! * k, base[1]! * k, base[2]! * k]

/** x from -1 to 1, y from 0 (ground) to 1 (top). */
const painters: Record<SpriteKind, SpritePainter> = {
  palm: {
    width: 3.6,
    height: 4.6,
    rows: 256,
    paint(x, y) {
      const bend = 0.1 * y * y
      const [tipX, tipY] = [0.1 * 0.78 * 0.78, 0.78]
      for (let leaf = 0; leaf < 13; leaf++) {
        const angle = -0.75 + (leaf / 12) * (Math.PI + 1.5)
        const reach = 0.78 + 0.2 * hash01(leaf, 3)
        const t = ((x - tipX) * Math.cos(angle)) / reach
        if (t <= 0 || t > 1) continue
        const arc = tipY + (Math.sin(angle) * 0.34 * t + 0.05) * 1 - 0.42 * t * t
        const comb = 0.5 + 0.5 * Math.abs(Math.sin(t * 40 + leaf))
        const thickness = 0.052 * Math.sin(Math.PI * Math.min(1, t * 0.9 + 0.1)) * comb
        if (Math.abs(y - arc) < thickness)
          return shade([84, 122, 58], 0.62 + 0.5 * hash01(leaf, 9) + (y - arc) * 5)
      }
      const trunk = 0.045 + 0.02 * (1 - y)
      if (y < tipY && Math.abs(x - bend) < trunk) {
        const ring = (y * 40) % 1 < 0.3 ? 0.72 : 1
        return shade([138, 108, 76], ring * (1 - 0.5 * Math.abs((x - bend) / trunk - 0.3)))
      }
      return undefined
    },
  },
  bush: {
    width: 1.5,
    height: 1.1,
    rows: 128,
    paint(x, y) {
      const pot = y < 0.34
      if (pot) {
        const half = 0.34 + 0.16 * y
        if (Math.abs(x) > half) return undefined
        return shade([170, 96, 62], (y > 0.28 ? 1.15 : 1) * (1 - 0.45 * Math.abs(x / half + 0.3)))
      }
      const leaf = tilingFbm((x + 1) * 9, y * 9, 32, 3, 301)
      const radius = Math.hypot(x / 0.95, (y - 0.62) / 0.4)
      if (radius > 0.62 + 0.55 * leaf) return undefined
      return shade([86, 130, 62], 0.5 + leaf * 0.7 + (y - 0.5) * 0.5)
    },
  },
  barrel: {
    width: 0.85,
    height: 1.15,
    rows: 128,
    paint(x, y) {
      const half = 0.86 + 0.12 * Math.sin(Math.PI * y)
      if (Math.abs(x) > half) return undefined
      const round = Math.sqrt(1 - (x / (half + 0.02)) ** 2) * (0.85 + 0.15 * (x < 0 ? 1 : 0))
      const hoop = Math.abs(y - 0.18) < 0.035 || Math.abs(y - 0.82) < 0.035 || y > 0.97
      if (hoop) return shade([92, 92, 94], 0.45 + 0.7 * round)
      const stave = Math.abs(((Math.asin(Math.max(-1, Math.min(1, x / half))) * 4) % 1) + 0) < 0.08 ? 0.7 : 1
      return shade([150, 104, 62], (0.4 + 0.65 * round) * stave)
    },
  },
  drum: {
    width: 0.8,
    height: 1.15,
    rows: 128,
    paint(x, y) {
      if (Math.abs(x) > 0.94) return undefined
      const round = Math.sqrt(1 - x * x) * (0.8 + (x < 0 ? 0.2 : 0))
      const rib = [0.04, 0.35, 0.66, 0.97].some((at) => Math.abs(y - at) < 0.02)
      const label = Math.abs(x + 0.15) < 0.34 && y > 0.42 && y < 0.6
      const base = label ? [226, 222, 210] : [216, 164, 34]
      const stripe = label && Math.abs(x + 0.15) + Math.abs(y - 0.51) * 3 < 0.2
      return shade(stripe ? [40, 40, 40] : base, (0.35 + 0.75 * round) * (rib ? 1.2 : 1))
    },
  },
}

const painted = new Map<SpriteKind, Sprite>()

/** The picture of a sprite. */
export function spriteOf(kind: SpriteKind): Sprite {
  const known = painted.get(kind)
  if (known) return known
  const { width, height, rows, paint } = painters[kind]
  const columns = Math.round((rows * width) / height)
  const pixels = new Uint32Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const color = paint(((column + 0.5) / columns) * 2 - 1, 1 - (row + 0.5) / rows)
      if (!color) continue
      const [r, g, b] = color.map((c) => Math.max(0, Math.min(255, Math.round(c)))) as [
        number,
        number,
        number,
      ]
      pixels[row * columns + column] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0
    }
  }
  const sprite = { pixels, columns, rows, width, height }
  painted.set(kind, sprite)
  return sprite
}
