import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alignedRect,
  pixelUnder,
  shiftedPosition,
} from '../../../src/renderer/src/features/compare/stage/alignment.ts'
import {
  paneAt,
  paneRects,
  wipeDistance,
  wipeLine,
  otherSide,
  wipePolygon,
  wipeThrough,
} from '../../../src/renderer/src/features/compare/stage/panes.ts'
import { newTrail } from '../../../src/renderer/src/features/compare/stage/trail.ts'
import {
  fitView,
  pan,
  resolveView,
  stagePoint,
  stageRect,
  zoomAt,
} from '../../../src/renderer/src/features/compare/stage/view.ts'

const stage = { width: 1280, height: 720 }
const pane = { x: 100, y: 50, width: 640, height: 480 }

describe('alignment of pictures of different sizes', () => {
  const square = { width: 448, height: 448 }

  it('keeps everything with fit, fills with crop, and fills exactly with stretch', () => {
    expect(alignedRect(square, stage, 'fit')).toEqual({ x: 280, y: 0, width: 720, height: 720 })
    expect(alignedRect(square, stage, 'crop')).toEqual({ x: 0, y: -280, width: 1280, height: 1280 })
    expect(alignedRect(square, stage, 'stretch')).toEqual({ x: 0, y: 0, width: 1280, height: 720 })
  })

  it.each(['fit', 'crop', 'stretch'] as const)('%s leaves pictures of one size pixel on pixel', (rule) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1279 }), fc.integer({ min: 0, max: 719 }), (x, y) => {
        expect(pixelUnder({ x: x + 0.5, y: y + 0.5 }, stage, stage, rule)).toEqual({ x, y })
      }),
    )
  })

  it('finds the pixel of a smaller picture, and none beside it', () => {
    expect(pixelUnder({ x: 640.5, y: 360.5 }, square, stage, 'fit')).toEqual({ x: 224, y: 224 })
    expect(pixelUnder({ x: 100, y: 360 }, square, stage, 'fit')).toBeUndefined()
    expect(pixelUnder({ x: 1279.5, y: 719.5 }, square, stage, 'stretch')).toEqual({ x: 447, y: 447 })
    expect(pixelUnder({ x: -1, y: 5 }, square, stage, 'stretch')).toBeUndefined()
  })

  it('shows nothing beyond the ends of a shifted source', () => {
    expect(shiftedPosition(3, 2, 10)).toBe(5)
    expect(shiftedPosition(9, 1, 10)).toBeUndefined()
    expect(shiftedPosition(0, -1, 10)).toBeUndefined()
  })
})

describe('zoom and pan', () => {
  it('fits the stage into the pane, in the middle', () => {
    expect(stageRect(fitView, stage, pane)).toEqual({ x: 100, y: 110, width: 640, height: 360 })
  })

  it('keeps the point under the pointer while zooming in', () => {
    const zoomed = zoomAt(fitView, 2, stage, pane, { x: 420, y: 290 })
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 640 }),
        fc.integer({ min: 150, max: 430 }),
        fc.double({ min: 1.1, max: 4, noNaN: true }),
        (x, y, factor) => {
          const before = stagePoint(zoomed, stage, pane, { x, y })
          const view = zoomAt(zoomed, factor, stage, pane, { x, y })
          const after = stagePoint(view, stage, pane, { x, y })
          const { zoom } = resolveView(view, stage, pane)
          // Half a device pixel, for the stage stands on whole ones.
          expect(Math.abs(after.x - before.x) * zoom).toBeLessThanOrEqual(1.01)
          expect(Math.abs(after.y - before.y) * zoom).toBeLessThanOrEqual(1.01)
        },
      ),
    )
  })

  it('does not let the stage leave the pane, nor a fitted one be dragged', () => {
    const view = pan({ zoom: 2, x: 640, y: 360 }, 1e6, 1e6, stage, pane)
    expect(stageRect(view, stage, pane)).toMatchObject({ x: 100, y: 50 })
    expect(pan(fitView, 50, 50, stage, pane)).toEqual(fitView)
  })

  it('stays within its limits', () => {
    expect(resolveView(zoomAt(fitView, 1e9, stage, pane, { x: 300, y: 300 }), stage, pane).zoom).toBe(64)
    expect(resolveView(zoomAt(fitView, 1e-9, stage, pane, { x: 300, y: 300 }), stage, pane).zoom).toBe(1 / 16)
  })
})

describe('panes', () => {
  it('stand side by side where the canvas is wide and in two rows where that shows more', () => {
    expect(paneRects(2, { width: 1600, height: 450 }, stage, 'auto', 0)).toEqual([
      { x: 0, y: 0, width: 800, height: 450 },
      { x: 800, y: 0, width: 800, height: 450 },
    ])
    expect(paneRects(4, { width: 1600, height: 900 }, stage, 'auto', 0).map(({ width }) => width)).toEqual([
      800, 800, 800, 800,
    ])
  })

  it('leave no corner empty: a last row that is not full stands in the middle', () => {
    const [a, b, c] = paneRects(3, { width: 1000, height: 1000 }, stage, 'grid', 0)
    expect([a.x, b.x, c.x, c.y]).toEqual([0, 500, 250, 500])
  })

  it('never overlap and stay on the canvas', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 80, max: 4000 }),
        fc.integer({ min: 80, max: 3000 }),
        (count, width, height) => {
          const rects = paneRects(count, { width, height }, stage, 'auto', 6)
          expect(rects).toHaveLength(count)
          rects.forEach((rect, index) => {
            expect(rect.x + rect.width).toBeLessThanOrEqual(width)
            expect(rect.y + rect.height).toBeLessThanOrEqual(height)
            expect(paneAt(rects, { x: rect.x, y: rect.y })).toBe(index)
          })
        },
      ),
    )
  })
})

describe('the trail of a playhead that is dragged', () => {
  const ready =
    (...positions: number[]) =>
    (position: number) =>
      positions.includes(position)

  it('keeps the old frame until the new one is there', () => {
    const trail = newTrail(10)
    expect(trail.shown(ready(10))).toBe(10)
    trail.add(20, 1000)
    expect(trail.shown(ready(10, 15))).toBe(10)
    expect(trail.shown(ready(10, 20))).toBe(20)
    expect(trail.shown(ready())).toBe(20)
  })

  it('shows the nearest frame on the way of a hand that does not wait, and never one behind what was shown', () => {
    const trail = newTrail(10)
    trail.shown(ready(10))
    trail.add(13, 1000)
    trail.add(16, 1016)
    expect(trail.shown(ready(10, 12, 14))).toBe(14)
    expect(trail.shown(ready(10, 12))).toBe(16)
    trail.add(11, 1030)
    expect(trail.shown(ready(10, 12, 14, 16))).toBe(12)
  })
})

describe('the wipe', () => {
  it('has A on the left and B on the right at angle 0', () => {
    const wipe = { angle: 0, place: 0.25 }
    expect(wipeDistance(wipe, stage, { x: 319, y: 100 })).toBeLessThan(0)
    expect(wipeDistance(wipe, stage, { x: 321, y: 600 })).toBeGreaterThan(0)
    expect(wipePolygon(wipe, stage)).toEqual([
      { x: 320, y: 0 },
      { x: 1280, y: 0 },
      { x: 1280, y: 720 },
      { x: 320, y: 720 },
    ])
  })

  it('covers all with B at one end and all with A at the other, at any angle', () => {
    const area = (points: { x: number; y: number }[]) =>
      Math.abs(
        points.reduce((sum, point, at) => {
          const next = points[(at + 1) % points.length]
          return sum + point.x * next.y - next.x * point.y
        }, 0) / 2,
      )
    fc.assert(
      fc.property(fc.double({ min: 0, max: 360, noNaN: true }), (angle) => {
        expect(area(wipePolygon({ angle, place: 0 }, stage))).toBeCloseTo(1280 * 720, 0)
        expect(area(wipePolygon({ angle, place: 1 }, stage))).toBeCloseTo(0, 0)
        expect(area(wipePolygon({ angle, place: 0.5 }, stage))).toBeCloseTo((1280 * 720) / 2, 0)
        const wipe = { angle, place: 0.3 }
        const both = area(wipePolygon(wipe, stage)) + area(wipePolygon(otherSide(wipe), stage))
        expect(both).toBeCloseTo(1280 * 720, 0)
      }),
    )
  })

  it('goes through the point it is dragged to', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 180, noNaN: true }),
        fc.integer({ min: 100, max: 1100 }),
        fc.integer({ min: 100, max: 600 }),
        (angle, x, y) => {
          const wipe = wipeThrough({ angle, place: 0.5 }, stage, { x, y })
          expect(Math.abs(wipeDistance(wipe, stage, { x, y }))).toBeLessThan(1e-6)
          expect(wipeLine(wipe, stage)).toBeDefined()
        },
      ),
    )
  })
})
