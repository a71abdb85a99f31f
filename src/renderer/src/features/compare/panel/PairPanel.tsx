import { Flag, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Marker } from '../../../../../shared/contract/compare.ts'
import { engine } from '../../../api/connection.ts'
import { invalidate } from '../../../api/queries.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { goodness, viridis } from '../../../ui/colorMaps.ts'
import { formatCount, formatExact, formatNumber } from '../../../ui/format.ts'
import { Notice } from '../../../ui/Notice.tsx'
import {
  placeOf,
  runOfSource,
  stateAt,
  titleOf,
  valueAt,
  type ComparedRun,
  type OpenComparison,
} from '../comparison.ts'
import { goToPosition, useCompare } from '../compareStore.ts'
import type { FrameSupply } from '../pictures/frameSupply.ts'
import { extentOf, extremes, rankAt } from '../playback/dips.ts'
import css from './PairPanel.module.css'
import { Pixels } from './Pixels.tsx'
import { RadarPanel } from './RadarPanel.tsx'

/** Everything about the pair that is looked at: where it stands, its scores and ranks, pose, pixels, neighbours. */
export function PairPanel({
  data,
  supply,
  markers,
}: {
  data: OpenComparison
  supply: FrameSupply
  markers: readonly Marker[]
}) {
  const { t } = useTranslation('compare')
  const position = useCompare(({ head }) => head.position)
  const name = data.names[position]
  const place = placeOf(name)
  return (
    <aside className={css.panel} aria-label={t('panel.label')}>
      <header className={css.head}>
        <strong translate="no">{titleOf(data)}</strong>
        <span title={name} translate="no">
          {place
            ? t('panel.place', { recording: place.recording, frame: place.frame })
            : data.runs.length > 0
              ? name
              : t('panel.clipPlace', { frame: formatCount(position + 1), count: data.names.length })}
        </span>
      </header>
      {data.cautions.length > 0 && (
        <div className={css.cautions}>
          {data.cautions.map((caution) => (
            <Notice key={caution} look="warning">
              {caution}
            </Notice>
          ))}
        </div>
      )}
      {data.runs.length > 0 && <Scores data={data} position={position} />}
      <Clips data={data} position={position} />
      <Pixels data={data} supply={supply} position={position} />
      <WorstHere data={data} position={position} />
      {data.runs.length > 0 && <RadarPanel data={data} position={position} />}
      <Markers data={data} markers={markers} position={position} />
    </aside>
  )
}

function Scores({ data, position }: { data: OpenComparison; position: number }) {
  const { t } = useTranslation('compare')
  const extents = useMemo(
    () =>
      new Map(
        data.metrics.map(({ id }) => [
          id,
          extentOf(data.runs.flatMap(({ columns }) => columns.get(id) ?? [])),
        ]),
      ),
    [data],
  )
  return (
    <table className={css.scores} data-many={data.runs.length > 2 || undefined}>
      <thead>
        <tr>
          <th aria-label={t('timeline.choose')} />
          {data.runs.map((run, at) => (
            <th key={run.id} title={run.label} translate="no">
              <i style={{ background: data.sources[at + 1].color }} aria-hidden />
              {run.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.metrics.map((metric) => {
          const values = data.runs.map((run) => valueAt(run, metric.id, position))
          const known = values.filter((value) => value !== undefined)
          const best = metric.direction === 'higher' ? Math.max(...known) : Math.min(...known)
          const extent = extents.get(metric.id)
          return (
            <tr key={metric.id}>
              <th scope="row">
                {metric.title}
                <small>
                  {metric.direction === 'higher' ? '↑' : '↓'} {metric.unit}
                </small>
              </th>
              {values.map((value, at) => {
                const run = data.runs[at]
                if (value === undefined)
                  return (
                    <td key={run.id} className={css.none}>
                      {'·'}
                    </td>
                  )
                const rank = rankAt(run.columns.get(metric.id)!, metric.direction, position)
                const color =
                  extent &&
                  viridis(
                    Number.isFinite(value)
                      ? 0.06 + 0.94 * goodness(value, extent.min, extent.max, metric.direction)
                      : 1,
                  )
                return (
                  <td
                    key={run.id}
                    title={`${formatExact(value)}${rank ? `\n${t('panel.rank', { rank: rank.rank, of: rank.of })}. ${t('panel.rankHint')}` : ''}`}
                    data-best={(known.length > 1 && value === best) || undefined}
                  >
                    <b>{formatNumber(value)}</b>
                    <small>
                      <i style={{ background: color }} aria-hidden />
                      {rank && formatCount(rank.rank)}
                    </small>
                  </td>
                )
              })}
            </tr>
          )
        })}
      </tbody>
      {data.runs.some((run) => stateAt(run, position) !== 'ok') && (
        <tfoot>
          <tr>
            <th />
            {data.runs.map((run) => {
              const state = stateAt(run, position)
              return (
                <td key={run.id} className={css.why} data-state={state}>
                  {state === 'failed'
                    ? t('panel.failed', { reason: run.failures.get(position) ?? '' })
                    : state === 'missing'
                      ? t('panel.missing')
                      : state === 'unmeasured'
                        ? t('panel.unmeasured')
                        : ''}
                </td>
              )
            })}
          </tr>
        </tfoot>
      )}
    </table>
  )
}

/** What the clips are: a picture out of a video is not the frame that was encoded. */
function Clips({ data, position }: { data: OpenComparison; position: number }) {
  const { t } = useTranslation('compare')
  const offsets = useCompare((state) => state.offsets)
  if (data.clips.length === 0) return null
  return (
    <section className={css.section}>
      <h3>{t('panel.clips')}</h3>
      <ul className={css.clips}>
        {data.sources.map(({ id, label, color, clip }, source) => {
          if (!clip) return null
          const frame = position + offsets[source] - clip.first
          const isInside = frame >= 0 && frame < clip.frames
          return (
            <li key={id}>
              <strong title={clip.path} translate="no">
                <i style={{ background: color }} aria-hidden />
                {label}
              </strong>
              <span>
                {isInside
                  ? t('panel.clipFrame', { frame: formatCount(frame + 1), count: formatCount(clip.frames) })
                  : t('panel.clipOutside')}
              </span>
              <small translate="no">
                {clip.codec} {clip.pixelFormat} · {clip.width}×{clip.height} ·{' '}
                {formatNumber(clip.framesPerSecond)} fps
              </small>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

const shownWorst = 15

/** The worst frames of the run in focus within what the timeline shows. */
function WorstHere({ data, position }: { data: OpenComparison; position: number }) {
  const metricId = useCompare(({ metrics }) => metrics[0])
  const panes = useCompare((state) => state.panes)
  const metric = data.metrics.find(({ id }) => id === metricId)
  const run = focusedRun(data, panes)
  const column = metric && run?.columns.get(metric.id)
  if (!metric || !run || !column) return null
  return <WorstList metric={metric} run={run.label} column={column} position={position} />
}

function WorstList(props: {
  metric: OpenComparison['metrics'][number]
  run: string
  column: Float32Array
  position: number
}) {
  const { metric, run, column, position } = props
  const { t } = useTranslation('compare')
  const range = useCompare((state) => state.range)
  const [from, to] = [Math.floor(range.from), Math.ceil(range.to) - 1]
  const worst = useMemo(
    () =>
      extremes(
        column,
        metric.direction,
        'worst',
        shownWorst,
        Math.max(0, from),
        Math.min(column.length - 1, to),
      ),
    [column, metric, from, to],
  )
  const extent = useMemo(() => extentOf([column]), [column])
  if (worst.length === 0) return null
  return (
    <section className={css.section}>
      <h3>
        {t('panel.worstHere')}
        <small translate="no">{t('panel.worstHereNote', { metric: metric.title, run })}</small>
      </h3>
      <ol className={css.worst}>
        {worst.map((at) => (
          <li key={at}>
            <button
              type="button"
              onClick={() => goToPosition(at)}
              aria-current={at === position || undefined}
              title={formatNumber(column[at])}
            >
              <i
                style={{
                  background:
                    extent &&
                    viridis(0.06 + 0.94 * goodness(column[at], extent.min, extent.max, metric.direction)),
                }}
                aria-hidden
              />
              {formatCount(at + 1)}
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** The run that dips and worst lists are about: the first run that has a pane, else the first of all. */
export const focusedRun = (data: OpenComparison, panes: readonly number[]): ComparedRun | undefined =>
  panes.map((source) => runOfSource(data, source)).find((run) => run) ?? data.runs[0]

function Markers({
  data,
  markers,
  position,
}: {
  data: OpenComparison
  markers: readonly Marker[]
  position: number
}) {
  const { t } = useTranslation('compare')
  const { t: tApp } = useTranslation()
  const positions = useMemo(() => new Map(data.names.map((name, at) => [name, at])), [data])
  const shown = markers.flatMap((marker) => {
    const at = positions.get(marker.name)
    return at === undefined ? [] : [{ marker, at }]
  })
  if (shown.length === 0) return null
  return (
    <section className={css.section}>
      <h3>{t('panel.markers')}</h3>
      <ul className={css.markers}>
        {shown
          .sort((a, b) => a.at - b.at)
          .map(({ marker, at }) => (
            <li key={marker.id} aria-current={at === position || undefined}>
              <button type="button" onClick={() => goToPosition(at)}>
                <Flag size={12} aria-hidden />
                <b>{formatCount(at + 1)}</b>
                <span>{marker.text}</span>
              </button>
              <IconButton
                icon={Trash2}
                size={13}
                label={tApp('actions.clear')}
                onClick={() =>
                  void engine()
                    .call('compare.removeMarker', { id: marker.id })
                    .then(() => invalidate('compare.markers'))
                }
              />
            </li>
          ))}
      </ul>
    </section>
  )
}
