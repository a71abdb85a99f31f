import { describe, expect, it } from 'vitest'
import {
  alignLines,
  apart,
  curvesToCsv,
  curvesToSvg,
  extentOf,
  moved,
  positiveOnly,
  ticksBetween,
  valueNear,
  within,
  zoomed,
  type Curve,
} from '../../../../src/renderer/src/features/train/curves/plotData.ts'

const curve = (id: string, x: number[], y: (number | null)[]): Curve => ({
  id,
  label: id,
  color: '#e69f00',
  x,
  y,
})

describe('the range of a plot', () => {
  const whole = { from: 0, to: 1000 }
  it('zooms around a point, and shows everything again when it is wide enough', () => {
    const near = zoomed(whole, 200, 0.5)
    expect(near).toEqual({ from: 100, to: 600 })
    expect(zoomed(near, 200, 2)).toEqual(whole)
    expect(within(zoomed(near, 200, 4), whole)).toBeUndefined()
    expect(within({ from: -100, to: 500 }, whole)).toEqual({ from: 0, to: 500 })
  })

  it('moves as far as the data goes and keeps its width', () => {
    expect(moved({ from: 100, to: 300 }, 0.5, whole)).toEqual({ from: 200, to: 400 })
    expect(moved({ from: 100, to: 300 }, -9, whole)).toEqual({ from: 0, to: 200 })
    expect(moved({ from: 100, to: 300 }, 9, whole)).toEqual({ from: 800, to: 1000 })
  })

  it('spans all curves', () => {
    expect(extentOf([curve('a', [3, 9], [1, 1]), curve('b', [], []), curve('c', [5, 12], [1, 1])])).toEqual({
      from: 3,
      to: 12,
    })
    expect(extentOf([])).toBeUndefined()
  })
})

describe('alignLines', () => {
  it('puts curves with their own steps on one axis and tells a missing point from a break', () => {
    const { x, lines } = alignLines([curve('a', [1, 3, 5], [1, null, 3]), curve('b', [2, 3], [8, 9])])
    expect(x).toEqual([1, 2, 3, 5])
    expect(lines).toEqual([
      [1, undefined, null, 3],
      [undefined, 8, 9, undefined],
    ])
  })

  it('joins a million points in one piece', () => {
    const x = Array.from({ length: 1_000_000 }, (_, index) => index)
    const { x: joined, lines } = alignLines([
      curve('a', x, x),
      curve(
        'b',
        x.map((value) => value + 0.5),
        x,
      ),
    ])
    expect(joined).toHaveLength(2_000_000)
    expect(lines[1][3]).toBe(1)
  })
})

describe('apart', () => {
  it('keeps labels at their lines where there is room and moves them off each other elsewhere', () => {
    expect(apart([10, 50], 12, 100)).toEqual([10, 50])
    expect(apart([10, 11, 12], 12, 100)).toEqual([10, 22, 34])
  })

  it('moves labels up rather than below the plot', () => {
    expect(apart([95, 98, 99], 12, 100)).toEqual([76, 88, 100])
  })
})

describe('reading values', () => {
  const found = curve('a', [0, 10, 20], [1, 2, 3])
  it('gives the nearest point, and the ends outside', () => {
    expect(valueNear(found, 14)).toEqual({ x: 10, y: 2 })
    expect(valueNear(found, 16)).toEqual({ x: 20, y: 3 })
    expect(valueNear(found, -5)).toEqual({ x: 0, y: 1 })
    expect(valueNear(found, Infinity)).toEqual({ x: 20, y: 3 })
    expect(valueNear(curve('b', [], []), 1)).toBeUndefined()
  })

  it('breaks a line where a logarithm does not exist', () => {
    expect(positiveOnly([1, 0, -2, null, 3])).toEqual([1, null, null, null, 3])
  })
})

describe('saving plots', () => {
  it('writes CSV with empty cells where a curve has no point, and quotes names', () => {
    expect(curvesToCsv('step', [curve('a, b', [1, 2], [0.5, null]), curve('c', [2], [7])])).toBe(
      'step,"a, b",c\n1,0.5,\n2,,7\n',
    )
  })

  it('writes an SVG whose path breaks at a gap and whose names are escaped', () => {
    const svg = curvesToSvg([curve('a<b', [0, 1, 2, 3], [1, 2, null, 4])], {
      title: 'loss & more',
      xName: 'step',
      isLog: false,
    })
    expect(svg).toContain('a&lt;b')
    expect(svg).toContain('loss &amp; more')
    expect(svg.match(/d="M[\d. ]+L[\d. ]+M[\d. ]+"/)).not.toBeNull()
  })

  it('writes an empty SVG when there is nothing to draw', () => {
    expect(curvesToSvg([curve('a', [1], [-1])], { title: '', xName: '', isLog: true })).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    )
  })

  it('chooses round ticks inside the range', () => {
    expect(ticksBetween(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(ticksBetween(3, 97, 5)).toEqual([20, 40, 60, 80])
    expect(ticksBetween(2, 2, 5)).toEqual([2])
  })
})
