import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundaryCounts, boundaryScores } from '../../../../../src/main/core/metrics/boundary/kernel.ts'
import { pairs } from '../arbitraries.ts'
import { packagePairs } from '../packagePairs.ts'
import { madePicture, waves } from '../pictures.ts'
import { plainBoundaryCounts } from './plainBoundary.ts'

describe('boundary F1', () => {
  // metrics.md 4.6
  test('of the golden wave pictures agrees with the specification', () => {
    const counts = [1, 2, 3].map((k) => boundaryCounts(waves(k).samples, waves(0).samples, 224, 224))
    const total = (key: keyof (typeof counts)[number]): number =>
      counts.reduce((sum, pair) => sum + pair[key], 0)
    expect([total('predictionEdges'), total('referenceEdges')]).toEqual([22581, 22581])
    expect([total('hitsPrediction'), total('hitsReference')]).toEqual([9381, 15352])
    const scores = boundaryScores(counts)!
    expect(scores.precision).toBeCloseTo(0.415438, 6)
    expect(scores.recall).toBeCloseTo(0.679864, 6)
    expect(scores.f1).toBeCloseTo(0.515732, 6)
  })

  test.each(packagePairs)(
    'counts the same edges and hits as torch on $title',
    ({ reference, prediction, values }) => {
      const counts = boundaryCounts(prediction.samples, reference.samples, reference.width, reference.height)
      const { hitsPrediction, hitsReference, predictionEdges, referenceEdges } = counts
      expect([hitsPrediction, hitsReference, predictionEdges, referenceEdges]).toEqual(values.boundary)
    },
  )

  test('counts like the plain steps for any size, kind of picture, quantile and tolerance', () => {
    const options = fc.record({
      edgeQuantile: fc.constantFrom(0, 0.3, 0.5, 0.85, 0.99, 1),
      edgeTolerance: fc.integer({ min: 0, max: 9 }),
    })
    fc.assert(
      fc.property(pairs(1, 26), options, ({ a, b }, { edgeQuantile, edgeTolerance }) => {
        const counts = boundaryCounts(a.samples, b.samples, a.width, a.height, {
          edgeQuantile,
          edgeTolerance,
        })
        expect(counts).toEqual(plainBoundaryCounts(a, b, edgeQuantile, edgeTolerance))
      }),
      { numRuns: 150 },
    )
  })

  test('finds no edge in a black picture and scores 0 against it', () => {
    const black = new Uint8Array(40 * 30 * 3)
    const counts = boundaryCounts(black, madePicture(1, 40, 30, 9).samples, 40, 30)
    expect(counts.predictionEdges).toBe(0)
    expect(boundaryScores([counts])).toMatchObject({ f1: 0, precision: 0, recall: 0, predictionEdgeRatio: 0 })
  })

  test('is perfect for identical pictures', () => {
    const { samples } = madePicture(5, 90, 70, 20)
    expect(boundaryScores([boundaryCounts(samples, samples, 90, 70)])).toMatchObject({
      f1: 1,
      precision: 1,
      recall: 1,
    })
  })

  test('adds counts over the dataset before dividing', () => {
    const weak = { hitsPrediction: 1, hitsReference: 1, predictionEdges: 10, referenceEdges: 10, pixels: 100 }
    const strong = {
      hitsPrediction: 30,
      hitsReference: 15,
      predictionEdges: 30,
      referenceEdges: 30,
      pixels: 300,
    }
    const scores = boundaryScores([weak, strong])!
    expect([scores.precision, scores.recall]).toEqual([31 / 40, 16 / 40])
    expect(boundaryScores([])).toBeUndefined()
  })

  test('refuses a quantile outside 0 to 1 and a negative tolerance', () => {
    const { samples } = madePicture(1, 12, 12, 0)
    expect(() => boundaryCounts(samples, samples, 12, 12, { edgeQuantile: 85, edgeTolerance: 2 })).toThrow(
      'quantile',
    )
    expect(() => boundaryCounts(samples, samples, 12, 12, { edgeQuantile: 0.85, edgeTolerance: -1 })).toThrow(
      'tolerance',
    )
  })
})
