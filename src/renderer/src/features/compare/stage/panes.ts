/** Where panes stand on the canvas, and the line of a wipe. */
import type { Rect, Size } from './alignment.ts'

/**
 * Divides the canvas among `count` panes. `row` and `grid` are as they say; `auto` takes what shows the picture
 * largest. Whole device pixels.
 */
export function paneRects(
  count: number,
  canvas: Size,
  stage: Size,
  layout: 'auto' | 'grid',
  gap: number,
): Rect[] {
  const columnChoices =
    layout === 'grid' ? [Math.min(2, count)] : Array.from({ length: count }, (_, i) => count - i)
  const best = columnChoices
    .map((columns) => {
      const rows = Math.ceil(count / columns)
      const width = Math.max(1, Math.floor((canvas.width - gap * (columns - 1)) / columns))
      const height = Math.max(1, Math.floor((canvas.height - gap * (rows - 1)) / rows))
      return { columns, width, height, zoom: Math.min(width / stage.width, height / stage.height) }
    })
    // Rows are read first, so a stack must be clearly larger to be taken.
    .reduce((one, other) => (other.zoom > one.zoom * 1.25 ? other : one))
  const { columns, width, height } = best
  // A last row that is not full stands in the middle.
  const lastRow = Math.floor((count - 1) / columns)
  const shift = Math.floor(((columns * (lastRow + 1) - count) * (width + gap)) / 2)
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns)
    const x = (index % columns) * (width + gap) + (row === lastRow ? shift : 0)
    return { x, y: row * (height + gap), width, height }
  })
}

/** Index of the pane under a point, -1 for none. */
export const paneAt = (panes: readonly Rect[], { x, y }: { x: number; y: number }): number =>
  panes.findIndex((pane) => x >= pane.x && y >= pane.y && x < pane.x + pane.width && y < pane.y + pane.height)

/**
 * A wipe: a line through the stage. `angle` 0 is upright with A on the left, turning clockwise in degrees; `place` is
 * 0..1 along the line's normal, 0.5 through the middle of the stage.
 */
export type Wipe = { angle: number; place: number }

const normalOf = (angle: number) => {
  const radians = (angle * Math.PI) / 180
  return { x: Math.cos(radians), y: Math.sin(radians) }
}

/** Length of the stage along the normal: what `place` 0..1 runs through. */
const extent = (angle: number, { width, height }: Size) => {
  const normal = normalOf(angle)
  return Math.abs(normal.x) * width + Math.abs(normal.y) * height
}

/** Signed distance of a stage point from the line, in stage pixels: negative on A's side, positive on B's. */
export function wipeDistance({ angle, place }: Wipe, stage: Size, point: { x: number; y: number }): number {
  const normal = normalOf(angle)
  const along = (point.x - stage.width / 2) * normal.x + (point.y - stage.height / 2) * normal.y
  return along - (place - 0.5) * extent(angle, stage)
}

/** The wipe whose line goes through a point of the stage, with the same angle. */
export function wipeThrough(wipe: Wipe, stage: Size, point: { x: number; y: number }): Wipe {
  const distance = wipeDistance({ ...wipe, place: 0.5 }, stage, point)
  return { ...wipe, place: Math.min(1, Math.max(0, 0.5 + distance / extent(wipe.angle, stage))) }
}

/** The same line with the sides changed. */
export const otherSide = ({ angle, place }: Wipe): Wipe => ({ angle: angle + 180, place: 1 - place })

/** The part of the stage on B's side, as a polygon in stage coordinates; empty when there is none. */
export function wipePolygon(wipe: Wipe, stage: Size): { x: number; y: number }[] {
  const corners = [
    { x: 0, y: 0 },
    { x: stage.width, y: 0 },
    { x: stage.width, y: stage.height },
    { x: 0, y: stage.height },
  ]
  const kept: { x: number; y: number }[] = []
  corners.forEach((here, index) => {
    const next = corners[(index + 1) % corners.length]
    const [a, b] = [wipeDistance(wipe, stage, here), wipeDistance(wipe, stage, next)]
    if (a >= 0) kept.push(here)
    if (a * b < 0) {
      const share = a / (a - b)
      kept.push({ x: here.x + (next.x - here.x) * share, y: here.y + (next.y - here.y) * share })
    }
  })
  return kept
}

/** The ends of the line where it crosses the stage; `undefined` when it does not. */
export function wipeLine(
  wipe: Wipe,
  stage: Size,
): [{ x: number; y: number }, { x: number; y: number }] | undefined {
  const onLine = wipePolygon(wipe, stage).filter((point) => Math.abs(wipeDistance(wipe, stage, point)) < 1e-6)
  return onLine.length >= 2 ? [onLine[0], onLine[onLine.length - 1]] : undefined
}
