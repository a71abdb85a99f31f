import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type uPlot from 'uplot'
import { formatCount, formatNumber } from '../../../ui/format.ts'
import css from './curves.module.css'
import { asWritten, timeTicks } from './logClock.ts'
import {
  alignLines,
  apart,
  extentOf,
  moved,
  positiveOnly,
  within,
  zoomed,
  type Curve,
  type Mark,
  type PlotRange,
} from './plotData.ts'
import { cssValue } from './runColors.ts'

/** How much one turn of the wheel or one press of a key zooms and moves. */
const zoomFactor = 1.25
const moveShare = 0.15

export type PlotProps = {
  label: string
  curves: readonly Curve[]
  xKind: 'step' | 'time'
  isLog: boolean
  height: number
  /** Plots with the same name share the position of the pointer. */
  group: string
  /** What to show of the x axis; all of it when undefined. */
  range?: PlotRange
  /** Places worth a look. */
  marks?: readonly Mark[]
  /** A value the y axis always shows. */
  yFrom?: number
  onZoom?(range: PlotRange | undefined): void
  /** Told where the pointer is, on the x axis. */
  onPoint?(x: number | undefined): void
}

/**
 * Curves on a canvas. uPlot is loaded when the first plot is shown. A drag zooms, with Shift it moves; so do the wheel with
 * Ctrl or Shift, and the keys + - ← → 0.
 */
export function PlotCanvas(props: PlotProps) {
  const { label, curves, isLog, xKind, height, group, range, marks } = props
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | undefined>(undefined)
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  const scheme = useComputedColorScheme('dark')
  // Another number of lines needs another plot; other points only other data.
  const shape = curves.map(({ id, color, smoothed }) => `${id}${color}${smoothed ? 's' : ''}`).join()
  useEffect(() => {
    const element = box.current
    if (!element) return
    let isGone = false
    let observer: ResizeObserver | undefined
    void Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]).then(([{ default: UPlot }]) => {
      if (isGone) return
      const made = new UPlot(optionsOf(latest, element.clientWidth), dataOf(latest.current), element)
      plot.current = made
      const { range: chosen } = latest.current
      if (chosen) made.setScale('x', { min: chosen.from, max: chosen.to })
      observer = new ResizeObserver(() =>
        made.setSize({ width: element.clientWidth, height: latest.current.height }),
      )
      observer.observe(element)
    })
    return () => {
      isGone = true
      observer?.disconnect()
      plot.current?.destroy()
      plot.current = undefined
    }
  }, [shape, isLog, xKind, height, group, scheme])
  /** All there is, as far as it was ever shown: how far out a zoom may go. */
  const whole = useRef<PlotRange | undefined>(undefined)
  useEffect(() => {
    if (range === undefined) whole.current = extentOf(curves)
    plot.current?.setData(dataOf({ curves, isLog }), range === undefined)
    if (range) plot.current?.setScale('x', { min: range.from, max: range.to })
  }, [curves, isLog, range])
  useEffect(() => {
    plot.current?.redraw(false)
  }, [marks])
  const show = (change: (present: PlotRange, all: PlotRange) => PlotRange) => {
    const all = whole.current
    const { onZoom, range: chosen } = latest.current
    if (!all || !onZoom) return
    onZoom(within(change(chosen ?? all, all), all))
  }
  const centre = ({ from, to }: PlotRange) => (from + to) / 2
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === '+' || event.key === '=') show((now) => zoomed(now, centre(now), 1 / zoomFactor))
    else if (event.key === '-') show((now) => zoomed(now, centre(now), zoomFactor))
    else if (event.key === 'ArrowLeft') show((now, all) => moved(now, -moveShare, all))
    else if (event.key === 'ArrowRight') show((now, all) => moved(now, moveShare, all))
    else if (event.key === '0') latest.current.onZoom?.(undefined)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  useEffect(() => {
    const element = box.current
    if (!element) return
    // React listens to wheels passively, which cannot keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      const made = plot.current
      const isZoom = event.ctrlKey || event.metaKey
      const turn =
        Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey ? event.deltaX || event.deltaY : 0
      if (!made || !latest.current.onZoom || (!isZoom && turn === 0)) return
      event.preventDefault()
      if (isZoom) {
        const at = made.posToVal(event.clientX - made.over.getBoundingClientRect().left, 'x')
        show((now) => zoomed(now, at, event.deltaY > 0 ? zoomFactor : 1 / zoomFactor))
      } else show((now, all) => moved(now, (turn / element.clientWidth) * 0.8, all))
    }
    // With Shift a drag moves what is shown; uPlot must not take it for a selection.
    const onDown = (event: PointerEvent) => {
      const { range: begun } = latest.current
      const all = whole.current
      if (!event.shiftKey || !begun || !all || !plot.current) return
      event.stopPropagation()
      const width = plot.current.over.clientWidth
      const onMove = (move: PointerEvent) =>
        latest.current.onZoom?.(moved(begun, (event.clientX - move.clientX) / width, all))
      const onUp = () => {
        removeEventListener('pointermove', onMove)
        removeEventListener('pointerup', onUp)
      }
      addEventListener('pointermove', onMove)
      addEventListener('pointerup', onUp)
    }
    const keepFromPlot = (event: MouseEvent) => event.shiftKey && event.stopPropagation()
    element.addEventListener('wheel', onWheel, { passive: false })
    element.addEventListener('pointerdown', onDown, true)
    element.addEventListener('mousedown', keepFromPlot, true)
    return () => {
      element.removeEventListener('wheel', onWheel)
      element.removeEventListener('pointerdown', onDown, true)
      element.removeEventListener('mousedown', keepFromPlot, true)
    }
    // The listeners read everything that changes through `latest`.
  }, [])
  return (
    <div
      ref={box}
      className={css.canvas}
      style={{ height }}
      role="img"
      aria-label={label}
      {...(props.onZoom ? { tabIndex: 0, onKeyDown: ({ nativeEvent }) => onKey(nativeEvent) } : {})}
      onDoubleClick={() => latest.current.onZoom?.(undefined)}
    />
  )
}

function dataOf({ curves, isLog }: Pick<PlotProps, 'curves' | 'isLog'>): uPlot.AlignedData {
  const shown = (y: readonly (number | null)[]) => (isLog ? positiveOnly(y) : y)
  const { x, lines } = alignLines(
    curves.flatMap(({ x: own, y, smoothed }) =>
      smoothed
        ? [
            { x: own, y: shown(y) },
            { x: own, y: shown(smoothed) },
          ]
        : [{ x: own, y: shown(y) }],
    ),
  )
  return [x, ...lines] as uPlot.AlignedData
}

function optionsOf(latest: { current: PlotProps }, width: number): uPlot.Options {
  const { curves, isLog, xKind, height, group, yFrom } = latest.current
  const [line, text, font] = [cssValue('--line'), cssValue('--text-3'), cssValue('--font')]
  const axis = {
    stroke: text,
    font: `11px ${font}`,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  }
  const hasLabels = curves.length > 1
  return {
    width,
    height,
    legend: { show: false },
    // The clock of a log names no zone: it is shown as it was written.
    tzDate: (seconds) => asWritten(seconds),
    padding: [8, hasLabels ? 72 : 12, 0, 0],
    cursor: {
      sync: { key: group, scales: ['x', null] },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      y: false,
    },
    scales: {
      x: { time: xKind === 'time' },
      y: {
        distr: isLog ? 3 : 1,
        ...(yFrom === undefined
          ? {}
          : { range: (_, __, high) => [yFrom, high > yFrom ? high * 1.08 : yFrom + 1] }),
      },
    },
    axes: [
      {
        ...axis,
        size: 28,
        space: 70,
        ...(xKind === 'time'
          ? { space: 90, values: (_: uPlot, splits: number[]) => timeTicks(splits) }
          : { incrs: wholeIncrements, values: (_: uPlot, splits: number[]) => splits.map(formatCount) }),
      },
      {
        ...axis,
        size: 56,
        ...(isLog ? { filter: fewPowers, grid: { ...axis.grid, filter: fewPowers } } : {}),
        space: 26,
        values: (_, splits) => splits.map((value) => (value === null ? '' : tickText(value))),
      },
    ],
    series: [
      {},
      ...curves.flatMap(({ color, smoothed }): uPlot.Series[] => {
        const stroke = cssValue(color)
        return smoothed
          ? [
              { stroke: `${stroke}50`, width: 1, points: { show: false } },
              { stroke, width: 1.5, points: { show: false } },
            ]
          : [{ stroke, width: 1.25, points: { show: false } }]
      }),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          if (plot.select.width < 4) return
          const from = plot.posToVal(plot.select.left, 'x')
          const to = plot.posToVal(plot.select.left + plot.select.width, 'x')
          plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false)
          latest.current.onZoom?.({ from, to })
        },
      ],
      setCursor: [
        (plot) => {
          const { left } = plot.cursor
          const isInside = left !== undefined && left !== null && left >= 0
          latest.current.onPoint?.(isInside ? plot.posToVal(left, 'x') : undefined)
        },
      ],
      draw: [
        (plot) => drawMarks(plot, latest.current.marks ?? []),
        ...(hasLabels ? [(plot: uPlot) => drawLabels(plot, latest.current.curves)] : []),
      ],
    },
  }
}

/** Dashed lines with a mark on top where something is worth a look. */
function drawMarks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox, scales } = plot
  const { min, max } = scales['x']!
  const scale = window.devicePixelRatio
  ctx.save()
  ctx.lineWidth = scale
  ctx.setLineDash([3 * scale, 3 * scale])
  for (const { x, look } of marks) {
    if (min == null || max == null || x < min || x > max) continue
    const at = Math.round(plot.valToPos(x, 'x', true))
    ctx.strokeStyle = ctx.fillStyle = cssValue(`--${look}`)
    ctx.globalAlpha = 0.55
    ctx.beginPath()
    ctx.moveTo(at, bbox.top)
    ctx.lineTo(at, bbox.top + bbox.height)
    ctx.stroke()
    ctx.globalAlpha = 1
    ctx.beginPath()
    ctx.moveTo(at - 4 * scale, bbox.top - 6 * scale)
    ctx.lineTo(at + 4 * scale, bbox.top - 6 * scale)
    ctx.lineTo(at, bbox.top)
    ctx.fill()
  }
  ctx.restore()
}

/** Names at the ends of lines, moved apart where they would lie on each other. */
function drawLabels(plot: uPlot, curves: readonly Curve[]): void {
  const { ctx, bbox } = plot
  const scale = window.devicePixelRatio
  const ends = curves
    .flatMap(({ x, y, smoothed, label, color }) => {
      const values = smoothed ?? y
      const last = values.findLastIndex((value) => value !== null)
      if (last < 0) return []
      return [
        { label, color, x: plot.valToPos(x[last], 'x', true), y: plot.valToPos(values[last]!, 'y', true) },
      ]
    })
    .filter(({ y }) => Number.isFinite(y))
    .sort((a, b) => a.y - b.y)
  ctx.save()
  ctx.font = `${11 * scale}px ${cssValue('--font')}`
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'left'
  const places = apart(
    ends.map(({ y }) => y),
    13 * scale,
    bbox.top + bbox.height,
  )
  for (const [index, end] of ends.entries()) {
    ctx.fillStyle = cssValue(end.color)
    ctx.fillText(end.label, Math.min(end.x, bbox.left + bbox.width) + 6 * scale, places[index])
  }
  ctx.restore()
}

/** Over more than two decades of a logarithmic axis only the powers of ten get a line. */
function fewPowers(_: uPlot, splits: number[]): (number | null)[] {
  if (splits.length === 0 || splits[splits.length - 1] <= 100 * splits[0]) return splits
  return splits.map((value) =>
    Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9 ? value : null,
  )
}

/** Steps are whole. */
const wholeIncrements = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((n) => n * 10 ** power)).flat()

const tickText = (value: number) =>
  value === 0
    ? '0'
    : Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5
      ? value.toExponential(0)
      : formatNumber(Number(value.toPrecision(3)), 3)
          .replace(/(\.\d*?)0+$/, '$1')
          .replace(/\.$/, '')
