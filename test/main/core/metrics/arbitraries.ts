/** Random pairs of pictures for property tests, of the kinds that upset metrics: noise, smooth, flat, dark, saturated. */
import fc from 'fast-check'
import { alteredPicture, madePicture, noise, type Picture } from './pictures.ts'

export type Pair = { a: Picture; b: Picture }

const kinds = ['noise', 'smooth', 'flat', 'dark', 'saturated'] as const

function pictureOfKind(kind: (typeof kinds)[number], seed: number, width: number, height: number): Picture {
  const smooth = madePicture(seed, width, height, 0)
  const map = (value: (byte: number, at: number) => number): Picture => ({
    ...smooth,
    samples: smooth.samples.map(value),
  })
  if (kind === 'noise') return { ...smooth, samples: noise(seed, width * height * 3) }
  if (kind === 'flat') return map((_, at) => (seed + 40 * (at % 3)) & 255)
  if (kind === 'dark') return map((byte) => byte >> 6)
  if (kind === 'saturated') return map((byte) => (byte > 90 ? 255 : 0))
  return smooth
}

/** Pairs of one size, sides from `smallest` to `largest`; the second is another picture or an altered copy. */
export function pairs(smallest: number, largest: number): fc.Arbitrary<Pair> {
  const side = fc.integer({ min: smallest, max: largest })
  const kind = fc.constantFrom(...kinds)
  return fc
    .record({
      width: side,
      height: side,
      kindA: kind,
      kindB: fc.option(kind),
      seed: fc.integer({ min: 1, max: 1e6 }),
      grain: fc.integer({ min: 0, max: 60 }),
    })
    .map(({ width, height, kindA, kindB, seed, grain }) => {
      const a = pictureOfKind(kindA, seed, width, height)
      const b = kindB ? pictureOfKind(kindB, seed + 1, width, height) : alteredPicture(a, seed, grain, 0)
      return { a, b }
    })
}
