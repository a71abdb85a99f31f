import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type PointerEvent as ReactPointerEvent,
} from 'react'
import { useTranslation } from 'react-i18next'
import { useCompare } from '../compareStore.ts'
import type { FrameSupply } from '../pictures/frameSupply.ts'
import { onPictureArrived } from './arrivals.ts'
import { drawStage, type DrawnStage } from './drawStage.ts'
import { PaneWords } from './PaneWords.tsx'
import { paneAt, wipeDistance, wipeThrough } from './panes.ts'
import css from './Stage.module.css'
import { pan, resolveView, stagePoint, zoomAt } from './view.ts'

/** The canvas with the panes, the words over them, and what pointer and wheel do. */
export function Stage({ supply }: { supply: FrameSupply }) {
  const { t } = useTranslation('compare')
  const canvas = useRef<HTMLCanvasElement>(null)
  const drawn = useRef<DrawnStage>(undefined)
  const [words, setWords] = useState<DrawnStage>()
  const isGrey = useCompare((state) => state.isGrey)

  const held = useRef<number>(undefined)

  const draw = useCallback(() => {
    const element = canvas.current
    if (!element || element.width < 2) return
    const state = useCompare.getState()
    const { head, stage } = state
    // Until all panes have the new frame, all of them keep the old one: they never show different frames.
    const isReady = supply.isReady(state, head.position)
    if (isReady) held.current = head.position
    const position =
      held.current !== undefined && supply.isReady(state, held.current) ? held.current : head.position
    const result = drawStage(element, { ...state, head: { ...head, position } }, supply, devicePixelRatio)
    drawn.current = result
    element.dataset.position = String(position)
    element.dataset.state = isReady ? 'ready' : 'loading'
    if (stage?.width !== result.stage.width || stage.height !== result.stage.height)
      useCompare.setState({ stage: result.stage })
    setWords((old) => (old && sameWords(old, result) ? old : result))
  }, [supply])

  useDrawing(canvas, supply, draw)
  const gestures = useGestures(drawn)
  return (
    <div className={css.stage} data-grey={isGrey || undefined}>
      <canvas
        ref={canvas}
        className={css.canvas}
        role="img"
        aria-label={t('stage.label')}
        tabIndex={0}
        {...gestures}
      />
      {words?.panes.map((pane, index) => (
        <PaneWords key={index} pane={pane} index={index} stage={words.stage} ratio={devicePixelRatio} />
      ))}
    </div>
  )
}

/** Draws once per screen frame at most, whenever the state or a picture has changed, or the element its size. */
function useDrawing(
  canvas: React.RefObject<HTMLCanvasElement | null>,
  supply: FrameSupply,
  draw: () => void,
): void {
  useLayoutEffect(() => {
    const element = canvas.current
    if (!element) return
    let request = 0
    const schedule = () => {
      request ||= requestAnimationFrame(() => {
        request = 0
        draw()
      })
    }
    const resize = () => {
      // At once, or a cleared canvas would flash.
      if (fitCanvas(element)) draw()
    }
    const observer = new ResizeObserver(resize)
    observer.observe(element)
    resize()
    const stop = useCompare.subscribe((state, old) => {
      if (
        state.head.position !== old.head.position ||
        state.panes !== old.panes ||
        state.mode !== old.mode ||
        state.head.isPlaying !== old.head.isPlaying ||
        state.difference !== old.difference ||
        state.alignment !== old.alignment ||
        state.offsets !== old.offsets ||
        state.data !== old.data
      )
        supply.update(state)
      schedule()
    })
    supply.update(useCompare.getState())
    const stopArrivals = onPictureArrived(schedule)
    schedule()
    return () => {
      observer.disconnect()
      stop()
      stopArrivals()
      cancelAnimationFrame(request)
    }
  }, [canvas, supply, draw])
}

/** Gives a canvas as many pixels as the screen shows of it. @returns whether that cleared it. */
function fitCanvas(canvas: HTMLCanvasElement): boolean {
  const width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio))
  const height = Math.max(1, Math.round(canvas.clientHeight * devicePixelRatio))
  if (canvas.width === width && canvas.height === height) return false
  canvas.width = width
  canvas.height = height
  return true
}

/** Words only change with what panes show, not with every frame that is drawn. */
function sameWords(a: DrawnStage, b: DrawnStage): boolean {
  const facts = ({ panes, stage }: DrawnStage) =>
    JSON.stringify([
      stage,
      panes.map(({ rect, sources, kind, shown }) => [
        rect,
        sources,
        kind,
        shown.map((one) =>
          one.state === 'ready' ? [one.isPreview, one.bitmap.width, one.bitmap.height] : one,
        ),
      ]),
    ])
  return facts(a) === facts(b)
}

const grabReach = 12

function useGestures(drawn: React.RefObject<DrawnStage | undefined>) {
  type Drag = {
    kind: 'pan' | 'wipe' | 'turn' | 'select'
    pane: number
    from: { x: number; y: number }
    last: { x: number; y: number }
  }
  const drag = useRef<Drag>(undefined)
  const touches = useRef(new Map<number, { x: number; y: number }>())

  // The middle of the device pixel under the pointer: what is read there is what is drawn there.
  const place = (event: { clientX: number; clientY: number; currentTarget: Element }) => {
    const box = event.currentTarget.getBoundingClientRect()
    return {
      x: Math.floor((event.clientX - box.left) * devicePixelRatio) + 0.5,
      y: Math.floor((event.clientY - box.top) * devicePixelRatio) + 0.5,
    }
  }
  const pointOf = (at: { x: number; y: number }, pane: number) => {
    const { panes, stage } = drawn.current!
    return stagePoint(useCompare.getState().view, stage, panes[pane].rect, at)
  }

  const onPointerDown = (event: ReactPointerEvent<HTMLCanvasElement>) => {
    if (event.button > 1 || !drawn.current) return
    const at = place(event)
    const pane = paneAt(
      drawn.current.panes.map(({ rect }) => rect),
      at,
    )
    if (pane < 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    touches.current.set(event.pointerId, at)
    const { mode, wipe, view } = useCompare.getState()
    const { stage, panes } = drawn.current
    const { zoom } = resolveView(view, stage, panes[pane].rect)
    const isOnLine =
      mode === 'wipe' &&
      Math.abs(wipeDistance(wipe, stage, pointOf(at, pane))) * zoom < grabReach * devicePixelRatio
    const isWiping = isOnLine || (mode === 'wipe' && view.zoom === 'fit' && event.button === 0)
    const kind = isWiping && event.shiftKey ? 'turn' : event.shiftKey ? 'select' : isWiping ? 'wipe' : 'pan'
    drag.current = { kind, pane, from: at, last: at }
    if (kind === 'wipe') useCompare.setState({ wipe: wipeThrough(wipe, stage, pointOf(at, pane)) })
    if (kind === 'select') useCompare.setState({ selection: undefined })
  }

  const onPointerMove = (event: ReactPointerEvent<HTMLCanvasElement>) => {
    if (!drawn.current) return
    const at = place(event)
    const { panes, stage } = drawn.current
    const state = useCompare.getState()
    if (touches.current.has(event.pointerId) && touches.current.size === 2) return pinch(event.pointerId, at)
    const now = drag.current
    if (!now) {
      const pane = paneAt(
        panes.map(({ rect }) => rect),
        at,
      )
      return setPointer(pane < 0 ? undefined : pointOf(at, pane), stage)
    }
    const point = pointOf(at, now.pane)
    setPointer(point, stage)
    if (now.kind === 'pan')
      useCompare.setState({
        view: pan(state.view, at.x - now.last.x, at.y - now.last.y, stage, panes[now.pane].rect),
      })
    if (now.kind === 'wipe') useCompare.setState({ wipe: wipeThrough(state.wipe, stage, point) })
    if (now.kind === 'turn') {
      const angle = Math.round(
        (Math.atan2(point.y - stage.height / 2, point.x - stage.width / 2) * 180) / Math.PI - 90,
      )
      useCompare.setState({ wipe: { ...state.wipe, angle: ((angle % 360) + 360) % 360 } })
    }
    if (now.kind === 'select')
      useCompare.setState({ selection: rectBetween(pointOf(now.from, now.pane), point, stage) })
    touches.current.set(event.pointerId, at)
    now.last = at
  }

  function pinch(id: number, at: { x: number; y: number }): void {
    const other = [...touches.current].find(([key]) => key !== id)![1]
    const before = touches.current.get(id)!
    touches.current.set(id, at)
    const distance = (a: { x: number; y: number }) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y))
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }
    const { panes, stage } = drawn.current!
    const pane = paneAt(
      panes.map(({ rect }) => rect),
      middle,
    )
    if (pane < 0) return
    const { rect } = panes[pane]
    const zoomed = zoomAt(useCompare.getState().view, distance(at) / distance(before), stage, rect, middle)
    useCompare.setState({ view: pan(zoomed, (at.x - before.x) / 2, (at.y - before.y) / 2, stage, rect) })
  }

  const end = (event: ReactPointerEvent<HTMLCanvasElement>) => {
    touches.current.delete(event.pointerId)
    drag.current = undefined
  }
  const onDoubleClick = (event: React.MouseEvent<HTMLCanvasElement>) => {
    if (!drawn.current || event.shiftKey) return
    const at = place(event)
    const { panes, stage } = drawn.current
    const pane = paneAt(
      panes.map(({ rect }) => rect),
      at,
    )
    if (pane < 0) return
    const { view } = useCompare.getState()
    const { rect } = panes[pane]
    if (view.zoom !== 'fit') return useCompare.setState({ view: { zoom: 'fit', x: 0, y: 0 } })
    const { zoom } = resolveView(view, stage, rect)
    useCompare.setState({ view: zoomAt(view, devicePixelRatio / zoom, stage, rect, at) })
  }

  // React listens to wheels passively, and a passive listener cannot keep the page from zooming itself.
  const [element, setElement] = useState<HTMLCanvasElement | null>(null)
  useEffect(() => {
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      if (!drawn.current) return
      const at = place({ clientX: event.clientX, clientY: event.clientY, currentTarget: element })
      const { panes, stage } = drawn.current
      const pane = paneAt(
        panes.map(({ rect }) => rect),
        at,
      )
      if (pane < 0) return
      const lines = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1
      // A pinch on a trackpad arrives as small steps with Ctrl.
      const factor = Math.exp((-event.deltaY * lines * (event.ctrlKey ? 8 : 1)) / 600)
      useCompare.setState(({ view }) => ({ view: zoomAt(view, factor, stage, panes[pane].rect, at) }))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [element, drawn])

  return {
    onPointerDown,
    onPointerMove,
    onPointerUp: end,
    onPointerCancel: end,
    onPointerLeave: () => setPointer(undefined),
    onPointerEnter: (event: ReactPointerEvent<HTMLCanvasElement>) => setElement(event.currentTarget),
    onDoubleClick,
  }
}

function setPointer(
  point: { x: number; y: number } | undefined,
  stage?: { width: number; height: number },
): void {
  const { pointer } = useCompare.getState()
  const isInside =
    point && stage && point.x >= 0 && point.y >= 0 && point.x < stage.width && point.y < stage.height
  const next = isInside ? { x: Math.floor(point.x), y: Math.floor(point.y) } : undefined
  if (pointer?.x !== next?.x || pointer?.y !== next?.y) useCompare.setState({ pointer: next })
}

/** Whole pixels between two points of the stage; nothing when it would be empty. */
function rectBetween(
  a: { x: number; y: number },
  b: { x: number; y: number },
  stage: { width: number; height: number },
) {
  const span = (from: number, to: number, length: number) => {
    const low = Math.max(0, Math.floor(Math.min(from, to)))
    return [low, Math.min(length, Math.ceil(Math.max(from, to))) - low] as const
  }
  const [x, width] = span(a.x, b.x, stage.width)
  const [y, height] = span(a.y, b.y, stage.height)
  return width > 1 && height > 1 ? { x, y, width, height } : undefined
}
