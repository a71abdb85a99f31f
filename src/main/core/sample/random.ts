/** Seeded random numbers and noise. Everything in the sample comes from these, so one seed gives one workspace. */

/** A stream of numbers in [0, 1). */
export type Random = () => number

/** Mulberry32: 32 bits of state, good enough for pictures, the same on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A hash of up to three integers as a number in [0, 1). */
export function hash01(a: number, b = 0, c = 0): number {
  let h = Math.imul(a | 0, 0x27d4eb2d) ^ Math.imul(b | 0, 0x165667b1) ^ Math.imul(c | 0, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

/** Smooth value noise in [0, 1) that repeats after `period` lattice steps (an integer) in both directions. */
export function tilingNoise(x: number, y: number, period: number, seed: number): number {
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const u = smooth(x - x0)
  const v = smooth(y - y0)
  const ax = wrap(x0, period)
  const ay = wrap(y0, period)
  const bx = ax + 1 === period ? 0 : ax + 1
  const by = ay + 1 === period ? 0 : ay + 1
  const top = hash01(ax, ay, seed) * (1 - u) + hash01(bx, ay, seed) * u
  const bottom = hash01(ax, by, seed) * (1 - u) + hash01(bx, by, seed) * u
  return top * (1 - v) + bottom * v
}

/** Octaves of tiling noise, each with twice the frequency and half the weight; in [0, 1), mean about 0.5. */
export function tilingFbm(x: number, y: number, period: number, octaves: number, seed: number): number {
  let sum = 0
  let weight = 0.5
  let frequency = 1
  for (let octave = 0; octave < octaves; octave++) {
    sum += weight * tilingNoise(x * frequency, y * frequency, period * frequency, seed + octave)
    weight /= 2
    frequency *= 2
  }
  return sum / (1 - weight * 2)
}

/** Numbers with mean 0 and deviation 1 (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

const smooth = (t: number) => t * t * (3 - 2 * t)
const wrap = (i: number, period: number) => ((i % period) + period) % period
