import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type uPlot from 'uplot'
import { formatNumber } from '../../../ui/format.ts'
import css from './curves.module.css'
import { asWritten } from './logClock.ts'
import { alignLines, apart, positiveOnly, type Curve } from './plotData.ts'
import { cssValue } from './runColors.ts'

export type PlotRange = { from: number; to: number }
export type PlotProps = {
  label: string
  curves: readonly Curve[]
  xKind: 'step' | 'time'
  isLog: boolean
  height: number
  /** Plots with the same name share the position of the pointer. */
  group: string
  onZoom?(range: PlotRange | undefined): void
  /** Told where the pointer is, on the x axis. */
  onPoint?(x: number | undefined): void
}

/** Curves on a canvas. uPlot is loaded when the first plot is shown. */
export function PlotCanvas(props: PlotProps) {
  const { label, curves, isLog, xKind, height, group } = props
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
  useEffect(() => {
    plot.current?.setData(dataOf({ curves, isLog }))
  }, [curves, isLog])
  return (
    <div
      ref={box}
      className={css.canvas}
      style={{ height }}
      role="img"
      aria-label={label}
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
  const { curves, isLog, xKind, height, group } = latest.current
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
    scales: { x: { time: xKind === 'time' }, y: { distr: isLog ? 3 : 1 } },
    axes: [
      { ...axis, size: 28, space: 70, ...(xKind === 'step' ? { incrs: wholeIncrements } : {}) },
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
      draw: hasLabels ? [(plot) => drawLabels(plot, latest.current.curves)] : [],
    },
  }
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
