import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distribution, niceStep } from '../../../src/renderer/src/ui/bins.ts'
import { goodness, viridis } from '../../../src/renderer/src/ui/colorMaps.ts'
import { keyLabels, matchesKeys } from '../../../src/renderer/src/ui/keys.ts'
import { sortRows } from '../../../src/renderer/src/ui/sorting.ts'

describe('a distribution', () => {
  it('counts every finite value once, within its edges', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 }),
        (values) => {
          const found = distribution(values)!
          expect(found.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length)
          expect(found.edges).toHaveLength(found.counts.length + 1)
          expect(found.edges[0]).toBeLessThanOrEqual(found.min)
          expect(found.edges.at(-1)).toBeGreaterThanOrEqual(found.max)
        },
      ),
    )
  })

  it('reports mean and median and leaves infinities out of the bins', () => {
    const found = distribution([1, 2, 3, 10, Infinity])!
    expect(found).toMatchObject({ mean: 4, median: 2.5, min: 1, max: 10, n: 4, infinite: 1 })
  })

  it('is one bin around equal values and nothing for none', () => {
    expect(distribution([0.5, 0.5])).toMatchObject({ counts: [2], n: 2 })
    expect(distribution([Infinity])).toBeUndefined()
  })

  it('has round steps', () => {
    expect([1, 0.3, 47, 1000].map((span) => niceStep(span, 20))).toEqual([0.05, 0.02, 2.5, 50])
  })
})

describe('colours of scores', () => {
  it('run along viridis and stay at its ends', () => {
    expect([viridis(-1), viridis(0), viridis(1), viridis(2)]).toEqual([
      '#440154',
      '#440154',
      '#fde725',
      '#fde725',
    ])
    expect(viridis(1 / 15)).toBe('#481a6c')
  })

  it('are bright for good whichever direction is good', () => {
    expect(goodness(30, 10, 30, 'higher')).toBe(1)
    expect(goodness(0.1, 0.1, 0.5, 'lower')).toBe(1)
    expect(goodness(0.4, 0.1, 0.5, 'lower')).toBeCloseTo(0.25)
    expect(goodness(5, 5, 5, 'lower')).toBe(1)
  })
})

describe('sorting', () => {
  it('puts missing values last in both orders and keeps the order of equal ones', () => {
    const rows = [
      { id: 'a', v: 2 },
      { id: 'b' },
      { id: 'c', v: 1 },
      { id: 'd', v: 2 },
      { id: 'e', v: Infinity },
    ]
    const order = (direction: 'ascending' | 'descending') =>
      sortRows(rows, ({ v }) => v, direction).map(({ id }) => id)
    expect(order('ascending')).toEqual(['c', 'a', 'd', 'e', 'b'])
    expect(order('descending')).toEqual(['e', 'a', 'd', 'c', 'b'])
  })

  it('reads numbers inside names', () => {
    expect(sortRows(['exp10', 'exp9', 'exp2_1'], (name) => name, 'ascending')).toEqual([
      'exp2_1',
      'exp9',
      'exp10',
    ])
  })
})

describe('keys', () => {
  const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
    key,
    code: `Key${key.toUpperCase()}`,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...more,
  })

  it('mean Ctrl on a PC and the command key on a Mac', () => {
    expect(matchesKeys(press('k', { ctrlKey: true }), 'mod+k', false)).toBe(true)
    expect(matchesKeys(press('k', { metaKey: true }), 'mod+k', true)).toBe(true)
    expect(matchesKeys(press('k', { ctrlKey: true }), 'mod+k', true)).toBe(false)
    expect(matchesKeys(press('k'), 'mod+k', false)).toBe(false)
  })

  it('find signs with and without Shift, letters only as written', () => {
    expect(matchesKeys(press('?', { shiftKey: true }), '?', false)).toBe(true)
    expect(matchesKeys(press('?'), '?', false)).toBe(true)
    expect(matchesKeys(press('W', { shiftKey: true }), 'w', false)).toBe(false)
    expect(matchesKeys(press('W', { shiftKey: true }), 'shift+w', false)).toBe(true)
  })

  it('find Alt with a digit by its place, because a Mac types another sign', () => {
    expect(matchesKeys(press('¡', { altKey: true, code: 'Digit1' }), 'alt+1', true)).toBe(true)
  })

  it('are drawn as they stand on the keyboard', () => {
    expect(keyLabels('mod+shift+k', false)).toEqual(['Ctrl', 'Shift', 'K'])
    expect(keyLabels('mod+shift+k', true)).toEqual(['⌘', '⇧', 'K'])
  })
})
