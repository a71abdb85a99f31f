/**
 * Pairs of made pictures with the values of torch and torchmetrics (versions in packageValues.json), written by
 * test/parity/python/metric_values.py. Values of torchmetrics are those of double-precision tensors.
 */
import { alteredPicture, madePicture, type Picture } from './pictures.ts'
import values from './packageValues.json' with { type: 'json' }

export type PackagePair = {
  reference: Picture
  prediction: Picture
  values: (typeof values.pairs)[number]
  title: string
}

export const packagePairs: PackagePair[] = values.pairs.map((pair) => {
  const reference = madePicture(pair.seed, pair.width, pair.height, pair.grain)
  const prediction = alteredPicture(reference, pair.seed + 100, pair.alterGrain, pair.shift)
  const title = `${pair.width}×${pair.height} with noise ${pair.alterGrain} and shift ${pair.shift}`
  return { reference, prediction, values: pair, title }
})

export const packageValues = values
