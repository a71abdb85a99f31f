import { Menu } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { ChartNoAxesColumn, Download } from 'lucide-react'
import { useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrainingRun } from '../../../../../shared/contract/training.ts'
import { queryOf } from '../../../api/queries.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { formatExactTime, formatNumber } from '../../../ui/format.ts'
import { Panel } from '../../../ui/Panel.tsx'
import { saveText } from '../../../ui/saveText.ts'
import { Failed, Skeleton } from '../../../ui/states.tsx'
import css from './curves.module.css'
import { asWritten } from './logClock.ts'
import { keyTitle } from './keys.ts'
import { PlotCanvas, type PlotRange } from './PlotCanvas.tsx'
import { curvesToCsv, curvesToSvg, valueNear, type Curve } from './plotData.ts'
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
  const [point, setPoint] = useState<number>()
  const box = useRef<HTMLDivElement>(null)
  const answers = useQueries({
    queries: runs.map((run) => ({
      ...queryOf('training.series', {
        workspace,
        run: run.id,
        keys: [keyId],
        maxPoints: mostPoints,
        x,
        smoothing,
        ...(range && x === 'step' ? { fromStep: Math.floor(range.from), toStep: Math.ceil(range.to) } : {}),
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
        const inside = range && x === 'time' ? insideOf(one, range) : one
        return [
          {
            id: runs[index].id,
            label: runs[index].experiment,
            color: runColor(index),
            x: inside.x,
            y: inside.y,
            ...(smoothing > 0 && inside.smoothed ? { smoothed: inside.smoothed } : {}),
          },
        ]
      }),
    // The answers keep their identity while they are the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [changes, smoothing, range, x, runs],
  )
  const key = series.find((one) => one !== undefined)?.key
  const title = key ? keyTitle(key) : keyId
  const bad = series.reduce((sum, one) => sum + (one?.nonFinite.length ?? 0), 0)
  const error = answers.find((answer) => answer.error && !answer.data)?.error
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
            onZoom={onZoom}
            onPoint={setPoint}
          />
        ) : answers.some(({ isPending }) => isPending) ? (
          <Skeleton lines={5} />
        ) : (
          <p className={css.noPoints}>{t('curves.noPoints')}</p>
        )}
      </div>
      {(bad > 0 || hidden > 0) && (
        <p className={css.plotNote}>
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
        <span>
          {xKind === 'step'
            ? t('curves.atStep', { step: where })
            : formatExactTime(asWritten(where).getTime(), i18n.language)}
        </span>
      )}
      {read.map(({ curve, found }) => (
        <span key={curve.id} className={css.readValue}>
          <i style={{ background: `var(${curve.color})` }} aria-hidden />
          {found?.y == null ? '–' : formatNumber(found.y)}
        </span>
      ))}
    </span>
  )
}

function insideOf<Part extends { x: number[]; y: (number | null)[]; smoothed?: (number | null)[] }>(
  { x, y, smoothed }: Part,
  { from, to }: PlotRange,
): { x: number[]; y: (number | null)[]; smoothed?: (number | null)[] } {
  const first = x.findIndex((value) => value >= from)
  const last = x.findLastIndex((value) => value <= to)
  const cut = <Value,>(values: Value[]) => (first < 0 ? [] : values.slice(first, last + 1))
  return { x: cut(x), y: cut(y), ...(smoothed ? { smoothed: cut(smoothed) } : {}) }
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
