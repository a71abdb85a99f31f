import { Menu } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { ChartNoAxesColumn, Download, Sigma } from 'lucide-react'
import { useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SeriesKey, TrainingRun } from '../../../../../shared/contract/training.ts'
import { queryOf } from '../../../api/queries.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { formatCount, formatExactTime, formatNumber } from '../../../ui/format.ts'
import { Panel } from '../../../ui/Panel.tsx'
import { saveText } from '../../../ui/saveText.ts'
import { useSettled } from '../../../ui/useSettled.ts'
import { Failed, Skeleton } from '../../../ui/states.tsx'
import css from './curves.module.css'
import { asWritten } from './logClock.ts'
import { keyTitle } from './keys.ts'
import { PlotCanvas } from './PlotCanvas.tsx'
import { curvesToCsv, curvesToSvg, valueNear, type Curve, type Mark, type PlotRange } from './plotData.ts'
import { cssValue, runColor } from './runColors.ts'

/** More points than this say nothing on a plot of this size. */
const mostPoints = 3000

/** One key of one or several runs: curves, the values under the pointer, smoothing and a logarithmic axis. */
export function SeriesPanel(props: {
  workspace: string
  runs: readonly TrainingRun[]
  /** Id of the key, or its name. */
  keyId: string
  x: 'step' | 'time'
  height?: number
  range?: PlotRange
  onZoom?(range: PlotRange | undefined): void
  refetchMs?: number
  actions?: ReactNode
}) {
  const { workspace, runs, keyId, x, height = 220, range, onZoom, refetchMs, actions } = props
  const { t } = useTranslation('train')
  const [smoothing, setSmoothing] = useState(0)
  const [isLog, setLog] = useState(false)
  const [isPerMicroBatch, setPerMicroBatch] = useState(false)
  const [point, setPoint] = useState<number>()
  const box = useRef<HTMLDivElement>(null)
  // While a range is being moved, the points at hand are shown; finer ones are asked for when it rests.
  const settled = useSettled(range, 150)
  const answers = useQueries({
    queries: runs.map((run) => ({
      ...queryOf('training.series', {
        workspace,
        run: run.id,
        keys: [keyId],
        maxPoints: mostPoints,
        x,
        smoothing,
        perMicroBatch: isPerMicroBatch,
        ...(settled ? withMargin(settled) : {}),
      }),
      staleTime: 1000,
      refetchInterval: refetchMs ?? false,
      placeholderData: <Value,>(previous: Value) => previous,
    })),
  })
  const series = answers.map(({ data }) => data?.[0])
  const changes = answers.map(({ dataUpdatedAt }) => dataUpdatedAt).join()
  const curves = useMemo(
    () =>
      series.flatMap((one, index): Curve[] => {
        if (!one || one.x.length === 0) return []
        return [
          {
            id: runs[index].id,
            label: runs[index].experiment,
            color: runColor(index),
            x: one.x,
            y: one.y,
            nonFinite: one.nonFinite,
            ...(smoothing > 0 && one.smoothed ? { smoothed: one.smoothed } : {}),
          },
        ]
      }),
    // The answers keep their identity while they are the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [changes, smoothing, x, runs],
  )
  const key = series.find((one) => one !== undefined)?.key
  const title = key ? keyTitle(key) : keyId
  const bad = series.reduce((sum, one) => sum + (one?.nonFinite.length ?? 0), 0)
  const error = answers.find((answer) => answer.error && !answer.data)?.error
  const marks = key ? marksOf(curves, runs, key.name, x) : []
  const sums = key && isSum(key) ? sumsOf(runs) : []
  const hidden = isLog
    ? curves.reduce((sum, { y }) => sum + y.filter((v) => v !== null && v <= 0).length, 0)
    : 0
  const save = (kind: 'svg' | 'png' | 'csv') => {
    const name = title.replaceAll(/[^\w.-]+/g, '_')
    const colored = curves.map((curve) => ({ ...curve, color: cssValue(curve.color) }))
    if (kind === 'csv') saveText(curvesToCsv(x, curves), `${name}.csv`)
    else if (kind === 'svg') saveText(curvesToSvg(colored, { title, xName: x, isLog }), `${name}.svg`)
    else savePng(box.current?.querySelector('canvas'), `${name}.png`)
  }
  return (
    <Panel
      title={<span className={css.plotTitle}>{title}</span>}
      note={runs.length === 1 ? <Readout curves={curves} point={point} xKind={x} /> : undefined}
      actions={
        <>
          <label className={css.smoothing} title={t('curves.smoothing')}>
            <input
              type="range"
              min={0}
              max={0.99}
              step={0.01}
              value={smoothing}
              aria-label={t('curves.smoothing')}
              onChange={(event) => setSmoothing(Number(event.currentTarget.value))}
            />
            {smoothing > 0 && <span>{smoothing.toFixed(2)}</span>}
          </label>
          {sums.length > 0 && (
            <IconButton
              icon={Sigma}
              label={t('curves.perMicroBatch', { sum: sums.join(', ') })}
              isOn={!isPerMicroBatch}
              onClick={() => setPerMicroBatch(!isPerMicroBatch)}
            />
          )}
          <IconButton
            icon={ChartNoAxesColumn}
            label={t('curves.log')}
            isOn={isLog}
            onClick={() => setLog(!isLog)}
          />
          <Menu position="bottom-end" offset={4} transitionProps={{ duration: 0 }}>
            <Menu.Target>
              <IconButton icon={Download} label={t('curves.save')} />
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => save('svg')}>SVG</Menu.Item>
              <Menu.Item onClick={() => save('png')}>PNG</Menu.Item>
              <Menu.Item onClick={() => save('csv')}>CSV</Menu.Item>
            </Menu.Dropdown>
          </Menu>
          {actions}
        </>
      }
      flush
      className={css.seriesPanel}
    >
      {runs.length > 1 && (
        <p className={css.readLine}>
          <Readout curves={curves} point={point} xKind={x} />
        </p>
      )}
      <div ref={box} className={css.plotBox} style={{ minHeight: height }}>
        {error ? (
          <Failed error={error} isInline />
        ) : curves.length > 0 ? (
          <PlotCanvas
            label={title}
            curves={curves}
            xKind={x}
            isLog={isLog}
            height={height}
            group="training"
            range={range}
            marks={marks}
            onZoom={onZoom}
            onPoint={setPoint}
          />
        ) : answers.some(({ isPending }) => isPending) ? (
          <Skeleton lines={5} />
        ) : (
          <p className={css.noPoints}>{t('curves.noPoints')}</p>
        )}
      </div>
      {(bad > 0 || hidden > 0 || sums.length > 0) && (
        <p className={css.plotNote}>
          {sums.length > 0 && t(isPerMicroBatch ? 'curves.isMean' : 'curves.isSum', { sum: sums.join(', ') })}{' '}
          {bad > 0 && t('curves.nonFinite', { count: bad })}{' '}
          {hidden > 0 && t('curves.hidden', { count: hidden })}
        </p>
      )}
    </Panel>
  )
}

function Readout(props: { curves: readonly Curve[]; point: number | undefined; xKind: 'step' | 'time' }) {
  const { curves, point, xKind } = props
  const { t, i18n } = useTranslation('train')
  if (curves.length === 0) return null
  const at = point ?? Infinity
  const read = curves.map((curve) => ({
    curve,
    found: valueNear({ x: curve.x, y: curve.smoothed ?? curve.y }, at),
  }))
  const where = read[0].found?.x
  return (
    <span className={css.readout}>
      {where !== undefined && (
        <span className={css.readWhere}>
          {xKind === 'step'
            ? t('curves.atStep', { step: Number.isInteger(where) ? formatCount(where) : formatNumber(where) })
            : formatExactTime(asWritten(where).getTime(), i18n.language)}
        </span>
      )}
      {read.map(({ curve, found }) => (
        <span key={curve.id} className={css.readValue}>
          <i style={{ background: `var(${curve.color})` }} aria-hidden />
          {found === undefined ? '–' : found.y === null ? oddValue(curve, found.x) : formatNumber(found.y)}
        </span>
      ))}
    </span>
  )
}

/** What stands where a line breaks: NaN, Infinity or -Infinity. */
const oddValue = ({ nonFinite }: Curve, at: number) =>
  String(nonFinite?.find(({ x }) => x === at)?.value ?? 'NaN')

/** Points a little beyond the edges, so that moving the range shows them at once. */
const withMargin = ({ from, to }: PlotRange): PlotRange => ({
  from: from - (to - from) / 2,
  to: to + (to - from) / 2,
})

/** Whether a key may be a sum over micro-batches: the trainer's own loss. */
const isSum = ({ name, section, table }: SeriesKey) =>
  section === 'line' && ((table === 'step' && name === 'Loss') || (table !== 'loss' && name === 'loss'))

/** How many micro-batches the losses of the runs add up, each number once; none when all are means. */
const sumsOf = (runs: readonly TrainingRun[]) => [
  ...new Set(
    runs.flatMap(({ launches }) =>
      launches.flatMap(({ lossSum }) => (lossSum !== null && lossSum > 1 ? lossSum : [])),
    ),
  ),
]

/** Explosions of this key, stalls, and the first of its values that are no numbers. */
function marksOf(
  curves: readonly Curve[],
  runs: readonly TrainingRun[],
  name: string,
  x: 'step' | 'time',
): Mark[] {
  const odd = curves.flatMap(({ nonFinite }) =>
    (nonFinite ?? []).slice(0, 1).map((value): Mark => ({ x: value.x, look: 'failed' })),
  )
  if (x === 'time') return odd
  return odd.concat(
    runs.flatMap(({ anomalies }) =>
      anomalies.flatMap(({ code, key, step }): Mark[] =>
        step === undefined
          ? []
          : code === 'loss-explosion' && key === name
            ? [{ x: step, look: 'failed' }]
            : code === 'stall'
              ? [{ x: step, look: 'warning' }]
              : [],
      ),
    ),
  )
}

function savePng(canvas: HTMLCanvasElement | null | undefined, name: string): void {
  canvas?.toBlob((blob) => {
    if (!blob) return
    const address = URL.createObjectURL(blob)
    const link = document.createElement('a')
    link.href = address
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(address), 10_000)
  })
}
