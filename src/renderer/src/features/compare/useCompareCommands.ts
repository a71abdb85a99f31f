/** Everything Compare can do, as records: keys, palette and tooltips read the same list. */
import {
  ArrowLeftRight,
  Columns2,
  Contrast,
  Copy,
  Download,
  Flag,
  Link2,
  Maximize,
  Play,
  SkipBack,
  SkipForward,
  Vote,
} from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCommandList, type Command } from '../../app/commands.ts'
import { keysOf } from './compareKeys.ts'
import {
  focusedRun,
  goToPosition,
  moveHead,
  setMode,
  setPaneCount,
  swapPanes,
  useCompare,
} from './compareStore.ts'
import { dipsOf, extremes, nextDip } from './playback/dips.ts'
import { changeSpeed, neighbourTrack, setLoop, step, togglePlay } from './playback/playhead.ts'
import { fitView, resolveView, zoomTo } from './stage/view.ts'
import type { Mode } from './address.ts'

export type CompareActions = {
  copyPicture(): void
  copyLink(): void
  openExport(): void
  openMarker(): void
  focusFrameField(): void
  openVote(): void
}

export function useCompareCommands(actions: CompareActions): void {
  const { t } = useTranslation('compare')
  const metricId = useCompare(({ metrics }) => metrics[0])
  const title = useCompare(({ data }) => data?.metrics.find(({ id }) => id === metricId)?.title) ?? ''
  const paneChoices = useCompare(({ data }) => Math.min(4, data?.sources.length ?? 1))
  const commands = useMemo((): Command[] => {
    const command = (
      id: string,
      name: string,
      perform: () => void,
      rest: Partial<Command> = {},
    ): Command => ({
      id: `compare.${id}`,
      title: name,
      scope: 'page',
      perform,
      ...rest,
    })
    const keyed = (id: keyof typeof keysOf, perform: () => void, rest: Partial<Command> = {}) =>
      command(id, t(`command.${id as 'play'}`, { metric: title }), perform, { keys: keysOf[id], ...rest })
    const onKeyOnly = { isKeyOnly: true }
    return [
      keyed('play', () => moveHead((head) => togglePlay(head)), { icon: Play }),
      keyed('playBack', () => moveHead((head) => togglePlay(head, -1)), onKeyOnly),
      keyed('next', () => moveHead((head) => step(head, 1)), onKeyOnly),
      keyed('previous', () => moveHead((head) => step(head, -1)), onKeyOnly),
      keyed('next10', () => moveHead((head) => step(head, 10)), onKeyOnly),
      keyed('previous10', () => moveHead((head) => step(head, -10)), onKeyOnly),
      keyed('first', () => moveHead((head) => step(head, -head.count)), onKeyOnly),
      keyed('last', () => moveHead((head) => step(head, head.count)), onKeyOnly),
      keyed('nextDip', () => goDip(1), { icon: SkipForward }),
      keyed('previousDip', () => goDip(-1), { icon: SkipBack }),
      keyed('worst', () => goExtreme('worst')),
      keyed('best', () => goExtreme('best')),
      keyed('nextTrack', () => goTrack(1)),
      keyed('previousTrack', () => goTrack(-1)),
      keyed('goTo', actions.focusFrameField),
      ...Array.from({ length: paneChoices }, (_, index) =>
        command(
          `panes${index + 1}`,
          t('command.panes', { count: index + 1 }),
          () => setPaneCount(index + 1),
          { keys: String(index + 1), icon: Columns2, isKeyOnly: true },
        ),
      ),
      keyed('side', () => setMode('side')),
      keyed('grid', () => setMode('grid')),
      keyed('wipe', () => toggleMode('wipe')),
      keyed('blink', () => toggleMode('blink')),
      keyed('overlay', () => toggleMode('overlay')),
      keyed('difference', () => toggleMode('difference')),
      command('map', t('command.map'), nextMap, { keys: keysOf.ssim }),
      keyed('swap', swapPanes, { icon: ArrowLeftRight }),
      keyed('fit', () => useCompare.setState({ view: fitView }), { icon: Maximize }),
      keyed('oneToOne', zoomOneToOne),
      keyed('zoomIn', () => zoomBy(1.5), onKeyOnly),
      keyed('zoomOut', () => zoomBy(1 / 1.5), onKeyOnly),
      keyed('grey', () => useCompare.setState(({ isGrey }) => ({ isGrey: !isGrey })), { icon: Contrast }),
      keyed('metric', nextMetric),
      keyed('faster', () => moveHead((head) => changeSpeed(head, 1)), onKeyOnly),
      keyed('slower', () => moveHead((head) => changeSpeed(head, -1)), onKeyOnly),
      keyed('loop', () => moveHead((head) => ({ ...head, isLooping: !head.isLooping })), onKeyOnly),
      keyed(
        'loopStart',
        () =>
          moveHead((head) =>
            setLoop(head, [head.position, Math.max(head.loop?.[1] ?? head.count - 1, head.position)]),
          ),
        onKeyOnly,
      ),
      keyed(
        'loopEnd',
        () =>
          moveHead((head) => setLoop(head, [Math.min(head.loop?.[0] ?? 0, head.position), head.position])),
        onKeyOnly,
      ),
      keyed(
        'clear',
        () => {
          useCompare.setState({ selection: undefined })
          moveHead((head) => setLoop(head, undefined))
        },
        onKeyOnly,
      ),
      keyed('marker', actions.openMarker, { icon: Flag }),
      keyed('copy', actions.copyPicture, { icon: Copy }),
      keyed('copyLink', actions.copyLink, { icon: Link2 }),
      keyed('export', actions.openExport, { icon: Download }),
      keyed('vote', actions.openVote, { icon: Vote }),
    ]
  }, [t, title, paneChoices, actions])
  useCommandList('compare', commands)
}

/** A key of a mode leads into it and back to side by side. */
const toggleMode = (mode: Mode) => setMode(useCompare.getState().mode === mode ? 'side' : mode)
const nextMap = () => {
  const { mode } = useCompare.getState()
  setMode(mode === 'ssim' ? 'lpips' : mode === 'lpips' ? 'side' : 'ssim')
}

function focusedColumn() {
  const state = useCompare.getState()
  const metric = state.data?.metrics.find(({ id }) => id === state.metrics[0])
  const column = metric && focusedRun(state)?.columns.get(metric.id)
  return metric && column ? { metric, column } : undefined
}

function goDip(direction: 1 | -1): void {
  const focus = focusedColumn()
  if (!focus) return
  const dip = nextDip(
    dipsOf(focus.column, focus.metric.direction),
    useCompare.getState().head.position,
    direction,
  )
  if (dip !== undefined) goToPosition(dip)
}

function goExtreme(which: 'worst' | 'best'): void {
  const focus = focusedColumn()
  const [position] = focus ? extremes(focus.column, focus.metric.direction, which, 1) : []
  if (position !== undefined) goToPosition(position)
}

function goTrack(direction: 1 | -1): void {
  const { data, head } = useCompare.getState()
  if (data) goToPosition(neighbourTrack(data.trackStarts, head.count, head.position, direction))
}

function nextMetric(): void {
  useCompare.setState(({ data, metrics }) => {
    if (!data || data.metrics.length === 0) return {}
    const ids = data.metrics.map(({ id }) => id)
    const next = ids[(ids.indexOf(metrics[0]) + 1) % ids.length]
    return { metrics: [next, ...metrics.slice(1).map((id) => (id === next ? metrics[0] : id))] }
  })
}

/** Size of a pane in device pixels, as the page shows it. */
function paneSize(): { width: number; height: number } {
  const pane = document.querySelector<HTMLElement>('[data-pane]')
  return {
    width: (pane?.clientWidth ?? 640) * devicePixelRatio,
    height: (pane?.clientHeight ?? 360) * devicePixelRatio,
  }
}

function zoomOneToOne(): void {
  const { view, stage } = useCompare.getState()
  if (stage) useCompare.setState({ view: view.zoom === 1 ? fitView : zoomTo(view, 1, stage, paneSize()) })
}

function zoomBy(factor: number): void {
  const { view, stage } = useCompare.getState()
  if (!stage) return
  const { zoom } = resolveView(view, stage, paneSize())
  useCompare.setState({
    view: zoomTo(view, Math.min(64, Math.max(1 / 16, zoom * factor)), stage, paneSize()),
  })
}
