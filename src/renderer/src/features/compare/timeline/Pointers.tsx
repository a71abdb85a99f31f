import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type PointerEvent,
  type RefObject,
} from 'react'
import { useTranslation } from 'react-i18next'
import type { Marker } from '../../../../../shared/contract/compare.ts'
import type { OpenComparison } from '../comparison.ts'
import { goToPosition, moveHead, useCompare } from '../compareStore.ts'
import { setLoop } from '../playback/playhead.ts'
import { markedPlaces } from '../markedPlaces.ts'
import { HoverValues } from './HoverValues.tsx'
import {
  isWhole,
  moveRange,
  placeOfPosition,
  positionAt,
  wholeRange,
  zoomRange,
  type Range,
} from './range.ts'
import css from './Timelines.module.css'

/** Where a position stands in a range, as CSS. */
const share = (range: Range, position: number) => `${(placeOfPosition(range, position, 1) * 100).toFixed(4)}%`

/** Playhead, loop, markers, and everything the pointer does, over all rows at once. @param width in CSS pixels. */
export function Pointers({
  data,
  markers,
  width,
}: {
  data: OpenComparison
  markers: readonly Marker[]
  width: number
}) {
  const { t } = useTranslation('compare')
  const range = useCompare((state) => state.range)
  const loop = useCompare(({ head }) => head.loop)
  const [hover, setHover] = useState<number>()
  const layer = useRef<HTMLDivElement>(null)
  const playhead = useRef<HTMLDivElement>(null)
  const count = data.names.length
  const places = useMemo(() => markedPlaces(markers, data.names), [markers, data])
  useFollowPlayhead(layer, playhead, width)
  useWheel(layer, count)
  const drag = useDrag(count, width, setHover)
  return (
    <>
      <div
        ref={layer}
        className={css.layer}
        {...drag}
        onPointerLeave={() => setHover(undefined)}
        onDoubleClick={() => useCompare.setState({ range: wholeRange(count) })}
        role="slider"
        tabIndex={-1}
        aria-label={t('timeline.help')}
        aria-valuemin={1}
        aria-valuemax={count}
        aria-valuenow={1}
      >
        {loop && (
          <div
            className={css.loop}
            style={{
              left: share(range, loop[0] - 0.5),
              width: `calc(${share(range, loop[1] + 0.5)} - ${share(range, loop[0] - 0.5)})`,
            }}
          />
        )}
        {hover !== undefined && <div className={css.hover} style={{ left: share(range, hover) }} />}
        <div ref={playhead} className={css.playhead} data-testid="playhead" />
        {markers.map((marker) => {
          const where = places.get(marker.name)
          if (where === undefined || where < range.from || where >= range.to) return null
          return (
            <button
              key={marker.id}
              type="button"
              className={css.marker}
              style={{ left: share(range, where) }}
              title={`${where + 1} · ${marker.text}`}
              aria-label={marker.text}
              onPointerDown={(event) => event.stopPropagation()}
              onClick={() => goToPosition(where)}
            />
          )
        })}
        {hover !== undefined && (
          <HoverValues data={data} position={hover} place={placeOfPosition(range, hover, 1)} />
        )}
      </div>
      {!isWhole(range, count) && (
        <div className={css.overview} aria-hidden>
          <i
            style={{
              left: `${(range.from / count) * 100}%`,
              width: `${((range.to - range.from) / count) * 100}%`,
            }}
          />
        </div>
      )}
    </>
  )
}

/** Moves the line with every frame, which would be too often for a rendering. */
function useFollowPlayhead(
  layer: RefObject<HTMLDivElement | null>,
  playhead: RefObject<HTMLDivElement | null>,
  width: number,
): void {
  useLayoutEffect(() => {
    const place = () => {
      const { head, range } = useCompare.getState()
      layer.current?.setAttribute('aria-valuenow', String(head.position + 1))
      // Moved as it is: anything else would lay out and paint the timelines anew.
      const x = placeOfPosition(range, head.position, width)
      playhead.current?.style.setProperty('transform', `translateX(${x.toFixed(2)}px)`)
      playhead.current?.toggleAttribute('hidden', head.position < range.from || head.position >= range.to)
    }
    place()
    return useCompare.subscribe((state, old) => {
      if (state.head.position !== old.head.position || state.range !== old.range) place()
    })
  }, [layer, playhead, width])
}

/** The wheel zooms about the pointer; with Shift, or sideways, it moves along. */
function useWheel(layer: RefObject<HTMLDivElement | null>, count: number): void {
  useEffect(() => {
    const element = layer.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const box = element.getBoundingClientRect()
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
      useCompare.setState(({ range }) => {
        if (isSideways) {
          const frames = ((event.deltaX || event.deltaY) / box.width) * (range.to - range.from)
          return { range: moveRange(range, frames, count) }
        }
        const at = (event.clientX - box.left) / box.width
        return { range: zoomRange(range, Math.exp(-event.deltaY / 400), at, count) }
      })
    }
    // React listens to wheels passively, and a passive listener cannot keep the page from scrolling.
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [layer, count])
}

/** A press goes there and a drag follows; with Shift it sets the loop, with Alt or the middle button it moves along. */
function useDrag(count: number, width: number, onHover: (position: number | undefined) => void) {
  const drag = useRef<{ kind: 'seek' | 'loop' | 'pan'; from: number; x: number }>(undefined)
  const at = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const x = event.clientX - box.left
    return { x, position: positionAt(useCompare.getState().range, x, box.width, count) }
  }
  return {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (event.button > 1) return
      event.currentTarget.setPointerCapture(event.pointerId)
      const { x, position: from } = at(event)
      const kind = event.shiftKey ? 'loop' : event.button === 1 || event.altKey ? 'pan' : 'seek'
      drag.current = { kind, from, x }
      onHover(undefined)
      if (kind === 'seek') goToPosition(from)
      if (kind === 'loop') moveHead((head) => setLoop(head, undefined))
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      const { x, position: here } = at(event)
      const now = drag.current
      if (!now) return onHover(here)
      if (now.kind === 'seek') goToPosition(here)
      if (now.kind === 'loop') moveHead((head) => setLoop(head, [now.from, here]))
      if (now.kind === 'pan') {
        useCompare.setState(({ range }) => ({
          range: moveRange(range, ((now.x - x) / Math.max(1, width)) * (range.to - range.from), count),
        }))
        now.x = x
      }
    },
    onPointerUp: () => (drag.current = undefined),
    onPointerCancel: () => (drag.current = undefined),
  }
}
