import { describe, expect, test } from 'vitest'
import { MersenneTwister } from '../../../../src/main/core/metrics/mersenneTwister.ts'
import { packageValues } from './packagePairs.ts'

describe('the Mersenne Twister', () => {
  test('draws the integers of numpy.random.RandomState(2020)', () => {
    const random = new MersenneTwister(2020)
    const { integers } = packageValues.randomState2020
    expect(integers.map(() => random.uint32())).toEqual(integers)
  })

  test('permutes and chooses like numpy.random.RandomState(2020)', () => {
    const { permutation } = packageValues.randomState2020
    expect([...new MersenneTwister(2020).permutation(12)]).toEqual(permutation)
    expect([...new MersenneTwister(2020).choice(12, 4)]).toEqual(permutation.slice(0, 4))
    // numpy 2.4.6: RandomState(2020).choice(1000, 5, replace=False); more draws than the state is long.
    expect([...new MersenneTwister(2020).choice(1000, 5)]).toEqual([725, 986, 815, 656, 469])
  })

  test('chooses different numbers and only numbers in range', () => {
    const chosen = new MersenneTwister(7).choice(100, 100)
    expect([...chosen].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect([...new MersenneTwister(7).permutation(0)]).toEqual([])
  })
})
