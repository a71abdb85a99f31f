/** What pointer, touch and wheel do on the canvas: pan, zoom, wipe, turn the wipe, select. */
import { useEffect, useRef, type PointerEvent as ReactPointerEvent, type RefObject } from 'react'
import { useCompare } from '../compareStore.ts'
import type { PixelRect } from '../pictures/statistics.ts'
import type { Rect, Size } from './alignment.ts'
import type { DrawnStage } from './drawStage.ts'
import { paneAt, wipeDistance, wipeThrough } from './panes.ts'
import { fitView, pan, resolveView, stagePoint, zoomAt } from './view.ts'

type Point = { x: number; y: number }

type Drag = {
  kind: 'pan' | 'wipe' | 'turn' | 'select'
  pane: Rect
  /** Where it began, and where the pointer was last, in device pixels of the canvas. */
  from: Point
  last: Point
}

/** How near to the line of a wipe takes hold of it, in CSS pixels. */
const grabReach = 12

/** @param drawn what stands on the canvas, so that a place on it can be told. */
export function useGestures(
  canvas: RefObject<HTMLCanvasElement | null>,
  drawn: RefObject<DrawnStage | undefined>,
) {
  const drag = useRef<Drag>(undefined)
  const touches = useRef(new Map<number, Point>())

  /** The pane under a point and the stage, once something is drawn. */
  const hit = (at: Point): { pane: Rect; stage: Size } | undefined => {
    if (!drawn.current) return undefined
    const { panes, stage } = drawn.current
    const rects = panes.map(({ rect }) => rect)
    const pane = rects[paneAt(rects, at)]
    return pane && { pane, stage }
  }

  const onPointerDown = (event: ReactPointerEvent<HTMLCanvasElement>) => {
    if (event.button > 1) return
    const at = placeOf(event, event.currentTarget)
    const found = hit(at)
    if (!found) return
    event.currentTarget.setPointerCapture(event.pointerId)
    touches.current.set(event.pointerId, at)
    const kind = dragKind(at, found.pane, found.stage, event.shiftKey, event.button)
    drag.current = { kind, pane: found.pane, from: at, last: at }
    const { wipe, view } = useCompare.getState()
    if (kind === 'wipe')
      useCompare.setState({
        wipe: wipeThrough(wipe, found.stage, stagePoint(view, found.stage, found.pane, at)),
      })
    if (kind === 'select') useCompare.setState({ selection: undefined })
  }

  const onPointerMove = (event: ReactPointerEvent<HTMLCanvasElement>) => {
    if (!drawn.current) return
    const at = placeOf(event, event.currentTarget)
    const { view } = useCompare.getState()
    if (touches.current.has(event.pointerId) && touches.current.size === 2) return pinch(event.pointerId, at)
    const now = drag.current
    if (now) {
      const { stage } = drawn.current
      setPointer(stagePoint(view, stage, now.pane, at), stage)
      follow(now, at, stage)
      touches.current.set(event.pointerId, at)
      now.last = at
      return
    }
    const found = hit(at)
    setPointer(found && stagePoint(view, found.stage, found.pane, at), drawn.current.stage)
  }

  function pinch(id: number, at: Point): void {
    const other = [...touches.current].find(([key]) => key !== id)![1]
    const before = touches.current.get(id)!
    touches.current.set(id, at)
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }
    const found = hit(middle)
    if (!found) return
    const { pane, stage } = found
    const distance = (a: Point) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y))
    const zoomed = zoomAt(useCompare.getState().view, distance(at) / distance(before), stage, pane, middle)
    useCompare.setState({ view: pan(zoomed, (at.x - before.x) / 2, (at.y - before.y) / 2, stage, pane) })
  }

  const end = (event: ReactPointerEvent<HTMLCanvasElement>) => {
    touches.current.delete(event.pointerId)
    drag.current = undefined
  }

  const onDoubleClick = (event: React.MouseEvent<HTMLCanvasElement>) => {
    const at = placeOf(event, event.currentTarget)
    const found = hit(at)
    if (!found || event.shiftKey) return
    const { pane, stage } = found
    const { view } = useCompare.getState()
    const { zoom } = resolveView(view, stage, pane)
    useCompare.setState({
      view: view.zoom === 'fit' ? zoomAt(view, devicePixelRatio / zoom, stage, pane, at) : fitView,
    })
  }

  // React listens to wheels passively, and a passive listener cannot keep the page from zooming itself.
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const at = placeOf(event, element)
      const found = hit(at)
      if (!found) return
      const lines = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1
      // A pinch on a trackpad arrives as small steps with Ctrl.
      const factor = Math.exp((-event.deltaY * lines * (event.ctrlKey ? 8 : 1)) / 600)
      useCompare.setState(({ view }) => ({ view: zoomAt(view, factor, found.stage, found.pane, at) }))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  })

  return {
    onPointerDown,
    onPointerMove,
    onPointerUp: end,
    onPointerCancel: end,
    onPointerLeave: () => setPointer(undefined),
    onDoubleClick,
  }
}

/** The middle of the device pixel under the pointer: what is read there is what is drawn there. */
function placeOf({ clientX, clientY }: { clientX: number; clientY: number }, element: Element): Point {
  const box = element.getBoundingClientRect()
  return {
    x: Math.floor((clientX - box.left) * devicePixelRatio) + 0.5,
    y: Math.floor((clientY - box.top) * devicePixelRatio) + 0.5,
  }
}

/** What a drag that begins here does. Where it is zoomed, a wipe is only moved by its line, and all else pans. */
function dragKind(at: Point, pane: Rect, stage: Size, hasShift: boolean, button: number): Drag['kind'] {
  const { mode, wipe, view } = useCompare.getState()
  const { zoom } = resolveView(view, stage, pane)
  const distance = Math.abs(wipeDistance(wipe, stage, stagePoint(view, stage, pane, at))) * zoom
  const isOnLine = distance < grabReach * devicePixelRatio
  const isWiping = mode === 'wipe' && (isOnLine || (view.zoom === 'fit' && button === 0))
  if (hasShift) return mode === 'wipe' && isOnLine ? 'turn' : 'select'
  return isWiping ? 'wipe' : 'pan'
}

/** Carries a drag on to a place. */
function follow({ kind, pane, from, last }: Drag, at: Point, stage: Size): void {
  const { view, wipe } = useCompare.getState()
  const point = stagePoint(view, stage, pane, at)
  switch (kind) {
    case 'pan':
      return useCompare.setState({ view: pan(view, at.x - last.x, at.y - last.y, stage, pane) })
    case 'wipe':
      return useCompare.setState({ wipe: wipeThrough(wipe, stage, point) })
    case 'turn': {
      const turned = Math.atan2(point.y - stage.height / 2, point.x - stage.width / 2)
      const angle = Math.round((turned * 180) / Math.PI - 90)
      return useCompare.setState({ wipe: { ...wipe, angle: ((angle % 360) + 360) % 360 } })
    }
    case 'select':
      return useCompare.setState({
        selection: rectBetween(stagePoint(view, stage, pane, from), point, stage),
      })
  }
}

function setPointer(point: Point | undefined, stage?: Size): void {
  const { pointer } = useCompare.getState()
  const isInside =
    point && stage && point.x >= 0 && point.y >= 0 && point.x < stage.width && point.y < stage.height
  const next = isInside ? { x: Math.floor(point.x), y: Math.floor(point.y) } : undefined
  if (pointer?.x !== next?.x || pointer?.y !== next?.y) useCompare.setState({ pointer: next })
}

/** Whole pixels between two points of the stage; nothing when it would be empty. */
function rectBetween(a: Point, b: Point, stage: Size): PixelRect | undefined {
  const span = (from: number, to: number, length: number) => {
    const low = Math.max(0, Math.floor(Math.min(from, to)))
    return [low, Math.min(length, Math.ceil(Math.max(from, to))) - low] as const
  }
  const [x, width] = span(a.x, b.x, stage.width)
  const [y, height] = span(a.y, b.y, stage.height)
  return width > 1 && height > 1 ? { x, y, width, height } : undefined
}
