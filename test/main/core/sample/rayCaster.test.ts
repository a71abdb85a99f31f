import { describe, expect, it } from 'vitest'
import { planMap } from '../../../../src/main/core/sample/plan.ts'
import { sampleLevels } from '../../../../src/main/core/sample/levels.ts'
import { renderView } from '../../../../src/main/core/sample/rayCaster.ts'
import { isFree, walkFrames } from '../../../../src/main/core/sample/tracks.ts'
import { fieldOfView, type Eye } from '../../../../src/main/core/sample/view.ts'
import { layOut, lightWorld, sunAt, traceSun } from '../../../../src/main/core/sample/world.ts'

const [dust2] = sampleLevels
const terrain = layOut(dust2!)
const world = lightWorld(terrain)
const [width, height] = [288, 162]
const eye: Eye = { x: 14, y: 13, z: 1.62, yaw: 0.1, pitch: 0 }
const view = (changes: Partial<Eye>) => renderView(world, { ...eye, ...changes }, width, height, 1)

describe('the picture of a pose', () => {
  it('moves to the left by the right number of pixels when the head turns clockwise', () => {
    const turn = 0.12
    const shift = (Math.tan(turn) * width) / 2 / Math.tan(fieldOfView / 2)
    const found = bestShift(view({}), view({ yaw: eye.yaw + turn }), 60)
    expect(Math.abs(found - shift)).toBeLessThan(4)
  })

  it('moves down when the head goes up', () => {
    const sky = (rgb: Uint8Array) => {
      // Rows from the top of the middle column that are bluish.
      let row = 0
      while (row < height && rgb[(row * width + width / 2) * 3 + 2]! > rgb[(row * width + width / 2) * 3]!)
        row++
      return row
    }
    expect(sky(view({ pitch: 0.15 }))).toBeGreaterThan(sky(view({})) + 10)
  })

  it('shows the same view in every size, squeezed', () => {
    const wide = renderView(world, eye, 320, 180, 1)
    const square = renderView(world, eye, 180, 180, 1)
    const mean = (rgb: Uint8Array, columns: number, from: number, to: number) => {
      let sum = 0
      for (let y = 0; y < 180; y++) {
        for (let x = Math.round(from * columns); x < Math.round(to * columns); x++)
          sum += rgb[(y * columns + x) * 3 + 1]!
      }
      return sum / 180 / (Math.round(to * columns) - Math.round(from * columns))
    }
    for (const from of [0, 0.25, 0.5, 0.75]) {
      expect(
        Math.abs(mean(wide, 320, from, from + 0.25) - mean(square, 180, from, from + 0.25)),
      ).toBeLessThan(2.5)
    }
  })
})

describe('walks', () => {
  it('never pass through walls or blocks, on any loop, in both directions', () => {
    for (const level of sampleLevels) {
      const land = layOut(level)
      for (let loop = 0; loop < level.loops.length; loop++) {
        for (const direction of [1, -1] as const) {
          const walk = {
            recording: 1,
            firstFrame: 1,
            frameStep: 2,
            length: 1200,
            loop,
            direction,
            start: 0,
            seed: 3,
          }
          const blocked = walkFrames(land, walk).filter(({ eye: { x, y } }) => !isFree(land, x, y))
          expect(blocked.map(({ entry }) => [level.map, loop, entry.x / 16, entry.y / 16])).toEqual([])
        }
      }
    }
  })

  it('move smoothly: small steps and small turns from frame to frame', () => {
    for (const level of sampleLevels) {
      for (const clip of planMap(layOut(level), 80, 9).clips) {
        for (let i = 1; i < clip.length; i++) {
          const [a, b] = [clip[i - 1]!.eye, clip[i]!.eye]
          expect(Math.hypot(b.x - a.x, b.y - a.y)).toBeLessThan(0.25)
          const turn = Math.atan2(Math.sin(b.yaw - a.yaw), Math.cos(b.yaw - a.yaw))
          expect(Math.abs(turn)).toBeLessThan(0.2)
        }
      }
    }
  })

  it('depend on the seed', () => {
    const names = (seed: number) =>
      planMap(terrain, 20, seed)
        .clips.flat()
        .map(({ entry }) => entry.file_frame)
    expect(names(1)).toEqual(names(1))
    expect(names(1)).not.toEqual(names(2))
  })
})

describe('the sun', () => {
  it('is blocked behind a wall and free in the open', () => {
    const { azimuth } = dust2!.sun
    // The plaza's corner on the sun's side, and a place in the middle of the sand.
    expect(Math.cos(azimuth)).toBeLessThan(0)
    expect(sunAt(traceSun(terrain, 6.3, 6.3), 0)).toBe(0)
    expect(sunAt(traceSun(terrain, 20, 14), 0)).toBe(1)
    expect(sunAt(traceSun(terrain, 6.3, 6.3), 7)).toBe(1)
  })
})

/** Shift (pixels to the left) at which the middle rows of `b` look most like `a`. */
function bestShift(a: Uint8Array, b: Uint8Array, most: number): number {
  let best = 0
  let least = Infinity
  for (let shift = -most; shift <= most; shift++) {
    let sum = 0
    let count = 0
    for (let x = most; x < width - most; x += 1) {
      for (let y = 60; y < 100; y += 2) {
        const at = (y * width + x) * 3
        sum += Math.abs(a[at + shift * 3]! - b[at]!)
        count++
      }
    }
    if (sum / count < least) [least, best] = [sum / count, shift]
  }
  return best
}
