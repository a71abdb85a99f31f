/** When the canvas is drawn, and which position it shows while pictures are still on their way. */
import { useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { useCompare, type CompareState } from '../compareStore.ts'
import type { FrameSupply } from '../pictures/frameSupply.ts'
import { isSameSize } from './alignment.ts'
import { onPictureArrived } from './arrivals.ts'
import { drawStage, type DrawnStage } from './drawStage.ts'
import { newTrail } from './trail.ts'

/** After the last movement, the picture is drawn once more as finely as it can be. */
const restMs = 120

/**
 * Draws once per screen frame at most, whenever what is shown, a picture, or the size of the canvas has changed.
 *
 * @returns what was drawn last, for pointers (`drawn`) and for the words over the panes (`words`, which changes only
 *   when they do).
 */
export function useDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  supply: FrameSupply,
): { drawn: RefObject<DrawnStage | undefined>; words: DrawnStage | undefined } {
  const drawn = useRef<DrawnStage>(undefined)
  const [words, setWords] = useState<DrawnStage>()

  useLayoutEffect(() => {
    const element = canvas.current
    if (!element) return
    const trail = newTrail(useCompare.getState().head.position)
    let request = 0
    let movedMs = -Infinity
    let told: DrawnStage | undefined
    let rest: ReturnType<typeof setTimeout> | undefined

    const draw = () => {
      if (element.width < 2) return
      const state = useCompare.getState()
      const { head, stage } = state
      const position = trail.shown((at) => supply.isReady(state, at))
      const isMoving = head.isPlaying || performance.now() - movedMs < restMs
      const result = drawStage(element, { ...state, head: { ...head, position } }, supply, {
        ratio: devicePixelRatio,
        isMoving,
      })
      drawn.current = result
      element.dataset.position = String(position)
      element.dataset.state = stateOf(result, position === head.position)
      const pane = result.panes[0]?.rect
      if (stage === undefined || !isSameSize(stage, result.stage))
        useCompare.setState({ stage: result.stage })
      if (pane && (state.pane === undefined || !isSameSize(state.pane, pane)))
        useCompare.setState({ pane: { width: pane.width, height: pane.height } })
      // React keeps every update of a component that is not rendered; sixty a second would fill memory.
      if (told === undefined || !sameWords(told, result)) {
        told = result
        setWords(result)
      }
    }
    const schedule = () => {
      request ||= requestAnimationFrame(() => {
        request = 0
        draw()
      })
    }
    // Device pixels, which layout in CSS pixels can only guess where a pixel is a fraction of one. Also told when the
    // window comes to a denser screen.
    const observer = new ResizeObserver(([entry]) => {
      const [{ inlineSize, blockSize }] = entry.devicePixelContentBoxSize
      // Drawn at once, or a cleared canvas would flash.
      if (fitCanvas(element, inlineSize, blockSize)) draw()
    })
    observer.observe(element, { box: 'device-pixel-content-box' })
    const stop = useCompare.subscribe((state, old) => {
      if (state.head.position !== old.head.position || state.head.isPlaying !== old.head.isPlaying) {
        trail.add(state.head.position, performance.now())
        movedMs = performance.now()
        clearTimeout(rest)
        rest = setTimeout(schedule, restMs)
      }
      if (wantsPictures(state, old)) supply.update(state)
      if (wantsPictures(state, old) || looksDifferent(state, old)) schedule()
    })
    supply.update(useCompare.getState())
    const stopArrivals = onPictureArrived(schedule)
    schedule()
    return () => {
      observer.disconnect()
      stop()
      stopArrivals()
      clearTimeout(rest)
      cancelAnimationFrame(request)
    }
  }, [canvas, supply])

  return { drawn, words }
}

const wantsPictures = (state: CompareState, old: CompareState) =>
  state.head.position !== old.head.position ||
  state.head.isPlaying !== old.head.isPlaying ||
  state.head.direction !== old.head.direction ||
  state.head.loop !== old.head.loop ||
  state.isRecording !== old.isRecording ||
  state.panes !== old.panes ||
  state.mode !== old.mode ||
  state.difference !== old.difference ||
  state.alignment !== old.alignment ||
  state.offsets !== old.offsets ||
  state.data !== old.data ||
  // How finely pictures are decoded that fly past.
  state.stage !== old.stage ||
  state.pane !== old.pane ||
  state.view !== old.view

const looksDifferent = (state: CompareState, old: CompareState) =>
  state.wipe !== old.wipe ||
  state.opacity !== old.opacity ||
  state.blink !== old.blink ||
  state.selection !== old.selection

/** `ready`: what was asked for, in full. `preview`: smaller pictures of it. `loading`: still what was there before. */
function stateOf({ panes }: DrawnStage, isAsked: boolean): 'ready' | 'preview' | 'loading' {
  const shown = panes.flatMap((pane) => pane.shown)
  if (!isAsked || shown.some(({ state }) => state === 'loading')) return 'loading'
  return shown.some((one) => one.state === 'ready' && one.detail !== 'file') ? 'preview' : 'ready'
}

/** Gives a canvas as many pixels as the screen shows of it. @returns whether that cleared it. */
function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): boolean {
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
        shown.map((one) => (one.state === 'ready' ? [one.detail === 'preview', one.sizes] : one)),
      ]),
    ])
  return facts(a) === facts(b)
}
