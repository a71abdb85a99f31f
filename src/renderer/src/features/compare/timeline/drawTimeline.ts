/** Draws one metric of all runs over the sequence: curves in the runs' colours and, per run, a strip coloured by score. */
import { frameStates } from '../../../../../shared/contract/compare.ts'
import { goodness, viridis } from '../../../ui/colorMaps.ts'
import { columnStates, decimate, worstStates } from './decimation.ts'
import { placeOfPosition, type Range } from './range.ts'

export type TimelineCurve = {
  values: Float32Array
  /** Index into `frameStates` per frame. */
  states: Uint8Array
  color: string
}
export type TimelineColors = { line: string; grid: string; failed: string; gap: string; missing: string }
export type TimelineDrawing = {
  curves: readonly TimelineCurve[]
  direction: 'higher' | 'lower'
  /** Finite values at bottom and top of the axis. */
  min: number
  max: number
  range: Range
  trackStarts: readonly number[]
  colors: TimelineColors
}

/** Height of one run's strip, in CSS pixels. */
export const stripHeight = 5

/** Bad is always drawn downwards, so that a dip looks like one in every metric. */
export function heightShare(
  value: number,
  { min, max, direction }: Pick<TimelineDrawing, 'min' | 'max' | 'direction'>,
): number {
  if (value === Infinity || value === -Infinity) return value > 0 === (direction === 'higher') ? 1 : 0
  return goodness(value, min, max, direction)
}

/** @param width, height CSS pixels. @param ratio device pixels per CSS pixel. */
export function drawTimeline(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  ratio: number,
  drawing: TimelineDrawing,
): void {
  const { curves, range, trackStarts, colors } = drawing
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  const strips = curves.length * stripHeight
  const plot = { top: 4, height: Math.max(8, height - strips - 7) }
  const columns = Math.max(1, Math.floor(width * ratio))
  const framesPerPixel = (range.to - range.from) / width

  context.fillStyle = colors.grid
  for (const share of [0, 0.5, 1])
    context.fillRect(0, Math.round(plot.top + share * plot.height), width, 1 / ratio)
  if (trackStarts.length / Math.max(1, width) < 0.2) {
    context.fillStyle = colors.line
    for (const start of trackStarts) {
      if (start <= range.from || start >= range.to) continue
      const x = ((start - range.from) / (range.to - range.from)) * width
      context.fillRect(Math.round(x * ratio) / ratio, 0, 1 / ratio, height)
    }
  }
  curves.forEach((curve, index) => {
    const data = decimate(curve.values, range.from, range.to, columns)
    drawStrip(context, curve, data.mean, height - strips + index * stripHeight, ratio, columns, drawing)
    if (framesPerPixel * ratio < 0.34) drawPoints(context, curve, width, plot, drawing)
    else drawEnvelope(context, curve, data, plot, ratio, columns, drawing)
  })
}

type Plot = { top: number; height: number }

function drawEnvelope(
  context: CanvasRenderingContext2D,
  { color }: TimelineCurve,
  { min, max }: ReturnType<typeof decimate>,
  plot: Plot,
  ratio: number,
  columns: number,
  drawing: TimelineDrawing,
): void {
  const yOf = (value: number) => plot.top + (1 - heightShare(value, drawing)) * plot.height
  const thickness = 1.25
  context.fillStyle = color
  let before: [number, number] | undefined
  for (let column = 0; column < columns; column++) {
    if (Number.isNaN(min[column])) {
      before = undefined
      continue
    }
    const [a, b] = [yOf(min[column]), yOf(max[column])]
    let [top, bottom] = [Math.min(a, b), Math.max(a, b)]
    // Neighbouring columns are joined, or steep places would fall apart into dots.
    if (before) {
      if (before[1] < top) top = before[1]
      if (before[0] > bottom) bottom = before[0]
    }
    before = [Math.min(a, b), Math.max(a, b)]
    context.fillRect(column / ratio, top - thickness / 2, 1 / ratio, bottom - top + thickness)
  }
}

function drawPoints(
  context: CanvasRenderingContext2D,
  { color, values }: TimelineCurve,
  width: number,
  plot: Plot,
  drawing: TimelineDrawing,
): void {
  const { range } = drawing
  context.strokeStyle = color
  context.fillStyle = color
  context.lineWidth = 1.25
  context.lineJoin = 'round'
  context.beginPath()
  let isOpen = false
  const first = Math.max(0, Math.floor(range.from) - 1)
  const last = Math.min(values.length - 1, Math.ceil(range.to) + 1)
  const points: [number, number][] = []
  for (let at = first; at <= last; at++) {
    const value = values[at]
    if (Number.isNaN(value)) {
      isOpen = false
      continue
    }
    const x = placeOfPosition(range, at, width)
    const y = plot.top + (1 - heightShare(value, drawing)) * plot.height
    if (isOpen) context.lineTo(x, y)
    else context.moveTo(x, y)
    isOpen = true
    points.push([x, y])
  }
  context.stroke()
  if (width / (range.to - range.from) > 7)
    for (const [x, y] of points) {
      context.beginPath()
      context.arc(x, y, 1.8, 0, 2 * Math.PI)
      context.fill()
    }
}

const failedState = frameStates.indexOf('failed')
/** Height of a tick over frames without a value, in CSS pixels. */
const tickHeight = 3

/**
 * One row of colour: bright is good. Stretches without a value are hatched, and over every column that holds a frame
 * without one stands a tick, however many good frames share the column; red where the frame failed.
 */
function drawStrip(
  context: CanvasRenderingContext2D,
  curve: TimelineCurve,
  mean: Float32Array,
  top: number,
  ratio: number,
  columns: number,
  drawing: TimelineDrawing,
): void {
  const { min, max, direction, range, colors } = drawing
  const { values, states } = curve
  const isFailed = (position: number) => states[position] === failedState
  const worst = worstStates(values, isFailed, range.from, range.to, columns)
  const perColumn = (range.to - range.from) / columns
  for (let column = 0; column < columns; column++) {
    const x = column / ratio
    const value = mean[column]
    if (Number.isNaN(value)) {
      const position = Math.floor(range.from + (column + 0.5) * perColumn)
      const isInfinite = Math.abs(values[position] ?? NaN) === Infinity
      const isHatch = !isInfinite && Math.floor(column / (2 * ratio)) % 2 === 0
      context.fillStyle = isInfinite ? viridis(1) : colors.gap
      if (!isHatch) context.fillRect(x, top, 1 / ratio, stripHeight - 1)
    } else {
      context.fillStyle = viridis(0.06 + 0.94 * goodness(value, min, max, direction))
      context.fillRect(x, top, 1 / ratio, stripHeight - 1)
    }
    if (worst[column] === columnStates.whole) continue
    context.fillStyle = worst[column] === columnStates.failed ? colors.failed : colors.missing
    context.fillRect(x, top, 1, tickHeight)
  }
}
