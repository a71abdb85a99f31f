import { gridCells } from './level.ts'
import { spriteOf } from './sprites.ts'
import { toneCurve, type Column, type View } from './view.ts'
import { cellStride, lightChannels, nodeStride, sunAt, traceSun, type World } from './world.ts'

/** What draws the sprites of one column over it, where nothing nearer stands in front. */
export function spritePainter(world: World, view: View): (x: number, column: Column) => void {
  const { eye, width, height, scale, scaleAcross, horizon, forwardX, forwardY } = view
  const { ambient, sun, lampColor, fog } = world.level
  const visible = world.level.sprites.flatMap((placed) => {
    const distance = (placed.x - eye.x) * forwardX + (placed.y - eye.y) * forwardY
    const across = (placed.y - eye.y) * forwardX - (placed.x - eye.x) * forwardY
    const sprite = spriteOf(placed.kind)
    if (distance < 0.35) return []
    const centre = width / 2 + (across / distance) * scaleAcross
    const half = ((sprite.width / 2) * scaleAcross) / distance
    if (centre + half < 0 || centre - half > width) return []
    const cell = Math.floor(placed.y) * gridCells + Math.floor(placed.x)
    const base = world.floor[cell]!
    const lit = sunAt(traceSun(world, placed.x, placed.y), base + Math.min(1, sprite.height / 2))
    const lamp = world.light[cell * cellStride + 3 * nodeStride + 3 * lightChannels + 2]!
    const clear = Math.exp(-distance * fog.density)
    return {
      ...{ sprite, distance, centre, half },
      foot: horizon + ((eye.z - base) * scale) / distance,
      size: (sprite.height * scale) / distance,
      light: [0, 1, 2].map(
        (c) => (ambient[c]! * 1.05 + sun.color[c]! * lit * 0.75 + lampColor[c]! * lamp) * clear,
      ),
      haze: fog.color.map((c) => c * (1 - clear)),
    }
  })
  return (x, { rgb, depth }) => {
    for (const { sprite, distance, centre, half, foot, size, light, haze } of visible) {
      const share = (x + 0.5 - centre + half) / (2 * half)
      if (share < 0 || share >= 1) continue
      const spriteColumn = Math.floor(share * sprite.columns)
      const lastRow = Math.min(height, Math.floor(foot))
      for (let y = Math.max(0, Math.ceil(foot - size)); y < lastRow; y++) {
        if (distance > depth[y]!) continue
        const up = (foot - y - 0.5) / size
        const spriteRow = Math.min(sprite.rows - 1, Math.floor((1 - up) * sprite.rows))
        const texel = sprite.pixels[spriteRow * sprite.columns + spriteColumn]!
        if (texel >>> 24 === 0) continue
        const contact = up * sprite.height < 0.5 ? 0.7 + 0.6 * up * sprite.height : 1
        for (let c = 0; c < 3; c++) {
          const color = ((texel >>> (8 * c)) & 255) * light[c]! * contact + haze[c]!
          rgb[y * 3 + c] = toneCurve[Math.min(1023, color | 0)]!
        }
        depth[y] = distance
      }
    }
  }
}
