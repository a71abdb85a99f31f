/** Zoom and pan, one for all panes. Screen lengths are device pixels, stage lengths are pixels of the first picture. */
import type { Rect, Size } from './alignment.ts'

/** `zoom`: device pixels per stage pixel, or `fit` for what fits the pane. `x`, `y`: stage point in the pane's middle. */
export type View = { zoom: number | 'fit'; x: number; y: number }

export const fitView: View = { zoom: 'fit', x: 0, y: 0 }
const largestZoom = 64
const smallestZoom = 1 / 16

/** The zoom at which the stage just fits a pane. */
export const fitZoom = (stage: Size, pane: Size): number =>
  Math.min(pane.width / stage.width, pane.height / stage.height)

/** Zoom and middle as numbers, the middle kept so that the stage does not leave the pane. */
export function resolveView(view: View, stage: Size, pane: Size): { zoom: number; x: number; y: number } {
  if (view.zoom === 'fit') return { zoom: fitZoom(stage, pane), x: stage.width / 2, y: stage.height / 2 }
  const { zoom } = view
  const keep = (at: number, whole: number, room: number) => {
    const half = room / zoom / 2
    return whole <= 2 * half ? whole / 2 : Math.min(whole - half, Math.max(half, at))
  }
  return { zoom, x: keep(view.x, stage.width, pane.width), y: keep(view.y, stage.height, pane.height) }
}

/** Where the stage lies in a pane, in device pixels from the canvas's corner. Whole pixels, so that edges are sharp. */
export function stageRect(view: View, stage: Size, pane: Rect): Rect {
  const { zoom, x, y } = resolveView(view, stage, pane)
  return {
    x: Math.round(pane.x + pane.width / 2 - x * zoom),
    y: Math.round(pane.y + pane.height / 2 - y * zoom),
    width: stage.width * zoom,
    height: stage.height * zoom,
  }
}

/** The point of the stage under a point of the canvas (device pixels). */
export function stagePoint(
  view: View,
  stage: Size,
  pane: Rect,
  at: { x: number; y: number },
): { x: number; y: number } {
  const rect = stageRect(view, stage, pane)
  return {
    x: ((at.x - rect.x) / rect.width) * stage.width,
    y: ((at.y - rect.y) / rect.height) * stage.height,
  }
}

/** Zooms by a factor; the stage point under `at` stays where it is. */
export function zoomAt(
  view: View,
  factor: number,
  stage: Size,
  pane: Rect,
  at: { x: number; y: number },
): View {
  const now = resolveView(view, stage, pane)
  const smallest = Math.min(smallestZoom, fitZoom(stage, pane))
  const zoom = Math.min(largestZoom, Math.max(smallest, now.zoom * factor))
  const anchor = stagePoint(view, stage, pane, at)
  const next = {
    zoom,
    x: anchor.x - (at.x - pane.x - pane.width / 2) / zoom,
    y: anchor.y - (at.y - pane.y - pane.height / 2) / zoom,
  }
  return { ...resolveView(next, stage, pane) }
}

/** One picture pixel on one device pixel (or `zoom` of them), keeping the middle. */
export const zoomTo = (view: View, zoom: number, stage: Size, pane: Size): View => ({
  ...resolveView(view, stage, pane),
  zoom,
})

/** Moves the stage by device pixels. A fitted stage stays fitted. */
export function pan(view: View, dx: number, dy: number, stage: Size, pane: Size): View {
  const now = resolveView(view, stage, pane)
  if (view.zoom === 'fit') return view
  return resolveView({ zoom: now.zoom, x: now.x - dx / now.zoom, y: now.y - dy / now.zoom }, stage, pane)
}
