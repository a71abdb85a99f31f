/** What is shown in Compare and how. One for the page; parts that draw read it without React. */
import { create } from 'zustand'
import type { Mode } from './address.ts'
import { runOfSource, type ComparedRun, type OpenComparison } from './comparison.ts'
import type { DifferenceOptions } from './pictures/difference.ts'
import type { PixelRect } from './pictures/statistics.ts'
import { newPlayhead, seek, setLoop, type Playhead } from './playback/playhead.ts'
import type { AlignmentRule, Size } from './stage/alignment.ts'
import type { Wipe } from './stage/panes.ts'
import { fitView, type View } from './stage/view.ts'
import { revealPosition, wholeRange, type Range } from './timeline/range.ts'

export type CompareState = {
  data?: OpenComparison
  head: Playhead
  /** Due frames that were never shown since playing began. */
  dropped: number
  mode: Mode
  /** Sources in the order of the panes; indices into `data.sources`. A is the first, B the second. */
  panes: readonly number[]
  /** Frames by which each source is shifted. */
  offsets: readonly number[]
  alignment: AlignmentRule
  view: View
  wipe: Wipe
  /** Share of B in an overlay. */
  opacity: number
  difference: DifferenceOptions
  /** Which pane blink shows now. */
  blink: number
  blinksPerSecond: number
  isGrey: boolean
  /** Frames are being drawn for a video: only the files' own pixels are good enough. */
  isRecording: boolean
  /** Metrics of the timelines; the first is what worst and dips go by. */
  metrics: readonly string[]
  /** Id of the run that worst and dips go by, once one was chosen. */
  focus?: string
  range: Range
  /** Whole pixel of the stage under the pointer. */
  pointer?: { x: number; y: number }
  /** Part of the stage that histogram and waveform look at. */
  selection?: PixelRect
  /** Size of the picture in the first pane; what stage coordinates mean. */
  stage?: Size
  /** Size of a pane in device pixels. */
  pane?: Size
}

const initial: CompareState = {
  data: undefined,
  head: newPlayhead(1),
  dropped: 0,
  mode: 'side',
  panes: [],
  offsets: [],
  // As the metrics do: protocols bring both pictures to one size without keeping proportions.
  alignment: 'stretch',
  view: fitView,
  wipe: { angle: 0, place: 0.5 },
  opacity: 0.5,
  difference: { kind: 'absolute', gain: 4, channel: 'all' },
  blink: 0,
  blinksPerSecond: 2,
  isGrey: false,
  isRecording: false,
  metrics: [],
  focus: undefined,
  range: wholeRange(1),
  pointer: undefined,
  selection: undefined,
  stage: undefined,
  pane: undefined,
}

export const useCompare = create<CompareState>(() => initial)

const preferredMetrics = ['LPIPS', 'SSIM', 'PSNR']

/** Starts with a newly opened comparison; how things are looked at stays as it was. */
export function beginComparison(
  data: OpenComparison,
  start: { position: number; mode?: Mode; metric?: string; loop?: readonly [number, number] },
): void {
  const ids = data.metrics.map(({ id }) => id)
  const usual = [
    ...preferredMetrics.filter((id) => ids.includes(id)),
    ...ids.filter((id) => !preferredMetrics.includes(id)),
  ]
  const metrics =
    start.metric !== undefined && ids.includes(start.metric)
      ? [start.metric, ...usual.filter((id) => id !== start.metric)]
      : usual
  const { framesPerSecond: before, speed, isLooping } = useCompare.getState().head
  // A video alone plays as fast as it says; frames have no speed of their own.
  const framesPerSecond = data.runs.length === 0 ? (data.clips[0]?.framesPerSecond ?? before) : before
  const loop = start.loop && start.loop[1] < data.names.length ? start.loop : undefined
  useCompare.setState({
    data,
    head: { ...newPlayhead(data.names.length, start.position), framesPerSecond, speed, isLooping, loop },
    dropped: 0,
    panes: data.sources.map((_, index) => index).slice(0, 4),
    offsets: data.sources.map(() => 0),
    metrics: metrics.slice(0, 2),
    focus: undefined,
    range: wholeRange(data.names.length),
    pointer: undefined,
    selection: undefined,
    stage: undefined,
    ...(start.mode ? { mode: start.mode } : {}),
  })
}

/** Goes to another place of the comparison that is open, as an address names it; the rest stays as it is. */
export function goToPlace(place: {
  position: number | undefined
  mode: Mode | undefined
  metric: string | undefined
  loop: readonly [number, number] | undefined
}): void {
  const { metrics, data } = useCompare.getState()
  const { position, mode, metric, loop } = place
  if (position !== undefined) goToPosition(position)
  if (mode !== undefined) setMode(mode)
  moveHead((head) => setLoop(head, loop))
  if (metric !== undefined && data?.metrics.some(({ id }) => id === metric))
    useCompare.setState({
      metrics: [metric, ...metrics.filter((id) => id !== metric)].slice(0, Math.max(1, metrics.length)),
    })
}

/** Forgets the comparison, so that a page that is left holds nothing. */
export const endComparison = (): void =>
  useCompare.setState({ data: undefined, head: newPlayhead(1), stage: undefined })

/** Changes the playhead; the timeline follows it. */
export function moveHead(change: (head: Playhead) => Playhead): void {
  useCompare.setState(({ head, range, data }) => {
    const next = change(head)
    return {
      head: next,
      range:
        next.position === head.position || !data
          ? range
          : revealPosition(range, next.position, data.names.length),
    }
  })
}

export const goToPosition = (position: number): void =>
  moveHead((head) => ({ ...seek(head, position), isPlaying: false }))

/** Shows this many panes: the first ones of what was chosen, filled up with sources that are not shown yet. */
export function setPaneCount(count: number): void {
  useCompare.setState(({ panes, data }) => {
    if (!data) return {}
    const all = data.sources.map((_, index) => index)
    const wanted = [...panes, ...all.filter((index) => !panes.includes(index)), ...all]
    return { panes: wanted.slice(0, Math.min(count, 4)) }
  })
}

/** The run that worst and dips go by: the one chosen, else the first that has a pane, else the first of all. */
export function focusedRun({
  data,
  panes,
  focus,
}: Pick<CompareState, 'data' | 'panes' | 'focus'>): ComparedRun | undefined {
  if (!data) return undefined
  return (
    data.runs.find(({ id }) => id === focus) ??
    panes.map((source) => runOfSource(data, source)).find((run) => run) ??
    data.runs[0]
  )
}

/** Exchanges A and B. */
export const swapPanes = (): void =>
  useCompare.setState(({ panes: [a, b, ...rest] }) => (b === undefined ? {} : { panes: [b, a, ...rest] }))

/** Modes that lay two pictures over each other need two panes. */
export function setMode(mode: Mode): void {
  if (mode !== 'side' && mode !== 'grid' && useCompare.getState().panes.length < 2) setPaneCount(2)
  useCompare.setState({ mode, blink: 0 })
}
