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
import type { MetricInfo } from '../../../../shared/domain/metricCatalog.ts'
import { useMetricWords } from '../../i18n/metricTitle.ts'
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
import { fitView } from './stage/view.ts'
import {
  changeLook,
  nextAlignment,
  nextMap,
  panBy,
  toggleMode,
  toggleSigned,
  toggleStatistics,
  turnLook,
  zoomBy,
  zoomOneToOne,
  zoomTimeline,
} from './lookCommands.ts'

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
  const { titleOf } = useMetricWords()
  const metric = useCompare(({ data }) => data?.metrics.find(({ id }) => id === metricId))
  const title = metric ? titleOf(metric) : ''
  const metrics = useCompare(({ data }) => data?.metrics) ?? noMetrics
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
      keyed('worst', () => goExtreme('worst'), onKeyOnly),
      keyed('best', () => goExtreme('best'), onKeyOnly),
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
      keyed('panLeft', () => panBy(-1, 0), onKeyOnly),
      keyed('panRight', () => panBy(1, 0), onKeyOnly),
      keyed('panUp', () => panBy(0, -1), onKeyOnly),
      keyed('panDown', () => panBy(0, 1), onKeyOnly),
      keyed('more', () => changeLook(1), onKeyOnly),
      keyed('less', () => changeLook(-1), onKeyOnly),
      keyed('turn', turnLook, onKeyOnly),
      keyed('signed', toggleSigned),
      keyed('alignment', nextAlignment),
      keyed('statistics', toggleStatistics),
      keyed('grey', () => useCompare.setState(({ isGrey }) => ({ isGrey: !isGrey })), { icon: Contrast }),
      keyed('metric', nextMetric),
      keyed('run', nextRun),
      keyed('timelineIn', () => zoomTimeline(2), onKeyOnly),
      keyed('timelineOut', () => zoomTimeline(1 / 2), onKeyOnly),
      ...metrics.flatMap((one) => [
        command(`worst.${one.id}`, t('command.worst', { metric: titleOf(one) }), () =>
          goExtreme('worst', one.id),
        ),
        command(`best.${one.id}`, t('command.best', { metric: titleOf(one) }), () =>
          goExtreme('best', one.id),
        ),
      ]),
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
  }, [t, title, titleOf, metrics, paneChoices, actions])
  useCommandList('compare', commands)
}

const noMetrics: readonly MetricInfo[] = []

function focusedColumn(metricId?: string) {
  const state = useCompare.getState()
  const metric = state.data?.metrics.find(({ id }) => id === (metricId ?? state.metrics[0]))
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

/** @param metricId the metric of the first timeline, when left out. */
function goExtreme(which: 'worst' | 'best', metricId?: string): void {
  const focus = focusedColumn(metricId)
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

/** The next run is what worst frames and dips are about. */
function nextRun(): void {
  const { data } = useCompare.getState()
  if (!data || data.runs.length === 0) return
  const at = data.runs.findIndex((run) => run === focusedRun(useCompare.getState()))
  useCompare.setState({ focus: data.runs[(at + 1) % data.runs.length].id })
}
