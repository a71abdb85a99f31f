/** Puts the panes on the canvas. Only pictures and what lies on them; names and words are elements over the canvas. */
import type { CompareState } from '../compareStore.ts'
import type { FrameSupply, Shown } from '../pictures/frameSupply.ts'
import { alignedRect, type Rect, type Size } from './alignment.ts'
import { otherSide, paneRects, wipeLine, wipePolygon } from './panes.ts'
import { resolveView, stageRect } from './view.ts'

/** A pane as it was drawn: what it shows, and what the words over it say. */
export type DrawnPane = {
  rect: Rect
  /** Sources in it: two in a wipe, overlay or difference. */
  sources: readonly number[]
  shown: readonly Shown[]
  kind: 'picture' | 'wipe' | 'overlay' | 'difference' | 'map'
}
export type DrawnStage = { panes: DrawnPane[]; stage: Size }

const gapPixels = 6
const gridFromZoom = 10

export type DrawingLook = {
  /** Device pixels per CSS pixel. */
  ratio: number
  /** Pictures fly past: quick rather than fine reduction. */
  isMoving: boolean
}

/** @param canvas whose size is in device pixels already. */
export function drawStage(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  state: CompareState,
  supply: Pick<FrameSupply, 'show' | 'showDerived'>,
  look: DrawingLook,
): DrawnStage {
  const { ratio } = look
  const context = canvas.getContext('2d', { alpha: true }) as CanvasRenderingContext2D
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, canvas.width, canvas.height)
  const { head, mode } = state
  const contents = paneContents(state)
  const shown = contents.map(({ sources, kind }) =>
    kind === 'difference' || kind === 'map'
      ? [supply.showDerived(state, sources[1], head.position)]
      : sources.map((source) => supply.show(state, source, head.position)),
  )
  const isDifference = contents[0]?.kind === 'difference'
  const stage = stageSize(
    state,
    // A difference has the size of the first picture.
    isDifference ? shown.map(([one]) => one) : [supply.show(state, state.panes[0], head.position)],
  )
  const rects = paneRects(
    contents.length,
    { width: canvas.width, height: canvas.height },
    stage,
    mode === 'grid' ? 'grid' : 'auto',
    Math.round(gapPixels * ratio),
  )
  const panes = contents.map((content, index): DrawnPane => ({
    ...content,
    rect: rects[index],
    shown: shown[index],
  }))
  for (const pane of panes) drawPane(context, pane, state, stage, look)
  return { panes, stage }
}

/** What the panes of a mode hold. */
function paneContents({ mode, panes, blink }: CompareState): Pick<DrawnPane, 'sources' | 'kind'>[] {
  const [a, b] = panes
  if (mode === 'side' || mode === 'grid' || b === undefined)
    return panes.map((source) => ({ sources: [source], kind: 'picture' }))
  switch (mode) {
    case 'wipe':
      return [{ sources: [a, b], kind: 'wipe' }]
    case 'overlay':
      return [{ sources: [a, b], kind: 'overlay' }]
    case 'blink':
      return [{ sources: [panes[blink % panes.length]], kind: 'picture' }]
    case 'difference':
      return panes.slice(1).map((source) => ({ sources: [a, source], kind: 'difference' }))
    case 'ssim':
    case 'lpips':
      return panes.slice(1).map((source) => ({ sources: [a, source], kind: 'map' }))
  }
}

/** The stage is as large as the first picture; while only a preview of it is there, as it was before. */
function stageSize(state: CompareState, candidates: readonly Shown[]): Size {
  const ready = candidates.filter((shown) => shown.state === 'ready')
  const best = ready.find(({ detail }) => detail !== 'preview') ?? (state.stage ? undefined : ready[0])
  if (best) return ownSize(best)
  return state.stage ?? { width: 1280, height: 720 }
}

/** The size of a picture as a file; of a map, which is no file, its own. */
const ownSize = ({ sizes, bitmap }: Extract<Shown, { state: 'ready' }>): Size =>
  sizes[0] ?? { width: bitmap.width, height: bitmap.height }

function drawPane(
  context: CanvasRenderingContext2D,
  pane: DrawnPane,
  state: CompareState,
  stage: Size,
  { ratio, isMoving }: DrawingLook,
): void {
  const { rect, shown, kind } = pane
  const place = stageRect(state.view, stage, rect)
  const { zoom } = resolveView(state.view, stage, rect)
  context.save()
  context.beginPath()
  context.rect(rect.x, rect.y, rect.width, rect.height)
  context.clip()
  // Signs and lines of the stage are drawn in device pixels; pictures know only the stage.
  const draw = (one: Shown, alpha = 1) => {
    if (one.state !== 'ready') return
    const { bitmap } = one
    // A map is measured at the protocol's square size and covers the whole picture.
    const on = alignedRect(ownSize(one), stage, kind === 'map' ? 'stretch' : state.alignment)
    const [x, y] = [place.x + on.x * zoom, place.y + on.y * zoom]
    const [width, height] = [on.width * zoom, on.height * zoom]
    context.globalAlpha = alpha
    const isReduced = one.detail === 'preview' || bitmap.width < ownSize(one).width
    context.imageSmoothingEnabled = width < bitmap.width || isReduced
    // Good reduction builds smaller copies of every picture; while they fly past, plain bilinear is enough.
    context.imageSmoothingQuality = isMoving ? 'low' : 'high'
    context.drawImage(bitmap, x, y, width, height)
    context.globalAlpha = 1
  }
  context.save()
  context.beginPath()
  context.rect(place.x, place.y, place.width, place.height)
  context.clip()
  if (kind === 'wipe') {
    // Each on its own side only: two whole pictures over one another take twice as long.
    for (const [index, wipe] of [otherSide(state.wipe), state.wipe].entries()) {
      context.save()
      context.beginPath()
      for (const point of wipePolygon(wipe, stage))
        context.lineTo(place.x + point.x * zoom, place.y + point.y * zoom)
      context.closePath()
      context.clip()
      draw(shown[index])
      context.restore()
    }
  } else if (kind === 'overlay') {
    draw(shown[0])
    draw(shown[1], state.opacity)
  } else draw(shown[0])
  context.restore()
  if (zoom >= gridFromZoom * ratio) drawGrid(context, rect, place, zoom, stage)
  if (kind === 'wipe') drawWipeLine(context, state, stage, place, zoom, ratio)
  if (state.selection) drawSelection(context, state.selection, place, zoom, ratio)
  context.restore()
}

/** Hairlines between picture pixels. */
function drawGrid(
  context: CanvasRenderingContext2D,
  rect: Rect,
  place: Rect,
  zoom: number,
  stage: Size,
): void {
  context.fillStyle = 'rgba(127, 127, 127, 0.45)'
  const from = (start: number, edge: number) => Math.max(0, Math.floor((start - edge) / zoom))
  const to = (end: number, edge: number, length: number) => Math.min(length, Math.ceil((end - edge) / zoom))
  const top = Math.max(rect.y, place.y)
  const bottom = Math.min(rect.y + rect.height, place.y + place.height)
  const left = Math.max(rect.x, place.x)
  const right = Math.min(rect.x + rect.width, place.x + place.width)
  for (let x = from(rect.x, place.x); x <= to(rect.x + rect.width, place.x, stage.width); x++)
    context.fillRect(Math.round(place.x + x * zoom), top, 1, bottom - top)
  for (let y = from(rect.y, place.y); y <= to(rect.y + rect.height, place.y, stage.height); y++)
    context.fillRect(left, Math.round(place.y + y * zoom), right - left, 1)
}

function drawWipeLine(
  context: CanvasRenderingContext2D,
  { wipe }: CompareState,
  stage: Size,
  place: Rect,
  zoom: number,
  ratio: number,
): void {
  const line = wipeLine(wipe, stage)
  if (!line) return
  const [a, b] = line.map(({ x, y }) => ({ x: place.x + x * zoom, y: place.y + y * zoom }))
  for (const [color, width] of [
    ['rgba(0, 0, 0, 0.5)', 3],
    ['#ffffff', 1],
  ] as const) {
    context.strokeStyle = color
    context.lineWidth = width * ratio
    context.beginPath()
    context.moveTo(a.x, a.y)
    context.lineTo(b.x, b.y)
    context.stroke()
  }
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
  context.fillStyle = '#ffffff'
  context.beginPath()
  context.arc(middle.x, middle.y, 5 * ratio, 0, 2 * Math.PI)
  context.fill()
  context.strokeStyle = 'rgba(0, 0, 0, 0.6)'
  context.lineWidth = ratio
  context.stroke()
}

function drawSelection(
  context: CanvasRenderingContext2D,
  selection: Rect,
  place: Rect,
  zoom: number,
  ratio: number,
): void {
  const box = [
    place.x + selection.x * zoom,
    place.y + selection.y * zoom,
    selection.width * zoom,
    selection.height * zoom,
  ] as const
  context.lineWidth = ratio
  context.strokeStyle = 'rgba(0, 0, 0, 0.7)'
  context.strokeRect(...box)
  context.setLineDash([4 * ratio, 3 * ratio])
  context.strokeStyle = '#ffffff'
  context.strokeRect(...box)
  context.setLineDash([])
}
