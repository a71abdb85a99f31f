import { Plus, X } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Marker } from '../../../../../shared/contract/compare.ts'
import type { MetricInfo } from '../../../../../shared/domain/metricCatalog.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { formatNumber } from '../../../ui/format.ts'
import { valueAt, type OpenComparison } from '../comparison.ts'
import { goToPosition, moveHead, useCompare } from '../compareStore.ts'
import { extentOf } from '../playback/dips.ts'
import { setLoop } from '../playback/playhead.ts'
import { drawTimeline, stripHeight, type TimelineCurve } from './drawTimeline.ts'
import { isWhole, moveRange, placeOfPosition, positionAt, wholeRange, zoomRange } from './range.ts'
import css from './Timelines.module.css'

/** One row per metric, all over the same frames, with one playhead through them. */
export function Timelines({ data, markers }: { data: OpenComparison; markers: readonly Marker[] }) {
  const { t } = useTranslation('compare')
  const metrics = useCompare((state) => state.metrics)
  const area = useRef<HTMLDivElement>(null)
  const width = useWidth(area)
  const shown = metrics.flatMap((id) => data.metrics.find((metric) => metric.id === id) ?? [])
  const rest = data.metrics.filter(({ id }) => !metrics.includes(id))
  if (data.metrics.length === 0) return <p className={css.none}>{t('timeline.none')}</p>
  return (
    <section className={css.timelines} title={undefined}>
      {shown.map((metric, index) => (
        <div key={metric.id} className={css.row}>
          <RowHead
            metric={metric}
            data={data}
            isFirst={index === 0}
            canRemove={shown.length > 1}
            canAdd={index === shown.length - 1 ? rest[0] : undefined}
          />
          <div ref={index === 0 ? area : undefined} className={css.plot}>
            <Plot metric={metric} data={data} width={width} />
          </div>
        </div>
      ))}
      <Pointers data={data} markers={markers} width={width} />
    </section>
  )
}

function useWidth(element: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return width
}

function RowHead(props: {
  metric: MetricInfo
  data: OpenComparison
  isFirst: boolean
  canRemove: boolean
  canAdd: MetricInfo | undefined
}) {
  const { metric, data, isFirst, canRemove, canAdd } = props
  const { t } = useTranslation('compare')
  const metrics = useCompare((state) => state.metrics)
  const position = useCompare(({ head }) => head.position)
  const choose = (id: string) =>
    useCompare.setState({
      metrics: metrics.map((one) => (one === metric.id ? id : one === id ? metric.id : one)),
    })
  return (
    <div className={css.head}>
      <div className={css.title}>
        <select
          className={css.metric}
          aria-label={t('timeline.choose')}
          value={metric.id}
          onChange={(event) => choose(event.currentTarget.value)}
          data-first={isFirst || undefined}
        >
          {data.metrics.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
        <span className={css.arrow} aria-hidden>
          {metric.direction === 'higher' ? '↑' : '↓'}
        </span>
        <span className={css.tools}>
          {canAdd && metrics.length < 4 && (
            <IconButton
              icon={Plus}
              size={12}
              label={t('timeline.add')}
              onClick={() => useCompare.setState({ metrics: [...metrics, canAdd.id] })}
            />
          )}
          {canRemove && (
            <IconButton
              icon={X}
              size={12}
              label={t('timeline.remove')}
              onClick={() => useCompare.setState({ metrics: metrics.filter((id) => id !== metric.id) })}
            />
          )}
        </span>
      </div>
      <ul className={css.values}>
        {data.runs.map((run, at) => {
          const value = valueAt(run, metric.id, position)
          return (
            <li key={run.id}>
              <i style={{ background: data.sources[at + 1].color }} aria-hidden />
              <span translate="no">{run.label}</span>
              <b>{value === undefined ? '·' : formatNumber(value)}</b>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Plot({ metric, data, width }: { metric: MetricInfo; data: OpenComparison; width: number }) {
  const { t } = useTranslation('compare')
  const canvas = useRef<HTMLCanvasElement>(null)
  const range = useCompare((state) => state.range)
  const theme = useThemeKey()
  const curves = useMemo(
    () => data.runs.map((run) => run.columns.get(metric.id) ?? new Float32Array(data.names.length).fill(NaN)),
    [data, metric],
  )
  const extent = useMemo(() => extentOf(curves) ?? { min: 0, max: 1 }, [curves])
  const height = Math.max(52, 44 + data.runs.length * stripHeight)

  useEffect(() => {
    const element = canvas.current
    if (!element || width === 0) return
    const ratio = devicePixelRatio
    element.width = Math.round(width * ratio)
    element.height = Math.round(height * ratio)
    const style = getComputedStyle(element)
    const color = (name: string) => style.getPropertyValue(name).trim()
    const drawn = data.runs.map((run, at): TimelineCurve => ({
      values: curves[at],
      color: color(/--[\w-]+/.exec(data.sources[at + 1].color)![0]),
      isFailed: (position) => run.states[position] === 2,
    }))
    drawTimeline(element.getContext('2d')!, width, height, ratio, {
      curves: drawn,
      direction: metric.direction,
      ...extent,
      range,
      trackStarts: data.trackStarts,
      colors: {
        line: color('--line-strong'),
        grid: color('--line'),
        failed: color('--failed'),
        gap: color('--line-strong'),
      },
    })
  }, [data, metric, curves, extent, range, width, height, theme])

  const [top, bottom] = metric.direction === 'higher' ? [extent.max, extent.min] : [extent.min, extent.max]
  return (
    <>
      <canvas
        ref={canvas}
        className={css.canvas}
        style={{ height }}
        role="img"
        aria-label={t('timeline.label', { metric: metric.title })}
      />
      <span className={css.axis} style={{ top: 1 }}>
        {formatNumber(top, 3)}
      </span>
      <span className={css.axis} style={{ top: height - data.runs.length * stripHeight - 15 }}>
        {formatNumber(bottom, 3)}
      </span>
    </>
  )
}

/** Colours are read from the page's style; drawing again when the theme changes needs something that changes with it. */
function useThemeKey(): string {
  const read = () => document.documentElement.dataset.mantineColorScheme ?? ''
  const [key, setKey] = useState(read)
  useEffect(() => {
    const observer = new MutationObserver(() => setKey(read()))
    observer.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['data-mantine-color-scheme'],
    })
    return () => observer.disconnect()
  }, [])
  return key
}

/** Playhead, loop, markers, and everything the pointer does, over all rows at once. */
function Pointers({
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
  const position = useCompare(({ head }) => head.position)
  const loop = useCompare(({ head }) => head.loop)
  const [hover, setHover] = useState<number>()
  const drag = useRef<{ kind: 'seek' | 'loop' | 'pan'; from: number; x: number }>(undefined)
  const layer = useRef<HTMLDivElement>(null)
  const count = data.names.length
  const positions = useMemo(() => new Map(data.names.map((name, at) => [name, at])), [data])
  const share = (at: number) => (placeOfPosition(range, at, 1) * 100).toFixed(4) + '%'

  useEffect(() => {
    const element = layer.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const box = element.getBoundingClientRect()
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
      useCompare.setState((state) => {
        const length = state.range.to - state.range.from
        if (isSideways)
          return {
            range: moveRange(state.range, ((event.deltaX || event.deltaY) / box.width) * length, count),
          }
        return {
          range: zoomRange(
            state.range,
            Math.exp(-event.deltaY / 400),
            (event.clientX - box.left) / box.width,
            count,
          ),
        }
      })
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [count])

  const at = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return {
      x: event.clientX - box.left,
      position: positionAt(useCompare.getState().range, event.clientX - box.left, box.width, count),
    }
  }
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button > 1) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const { x, position: from } = at(event)
    drag.current = {
      kind: event.shiftKey ? 'loop' : event.button === 1 || event.altKey ? 'pan' : 'seek',
      from,
      x,
    }
    if (drag.current.kind === 'seek') goToPosition(from)
    if (drag.current.kind === 'loop') moveHead((head) => setLoop(head, undefined))
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const { x, position: here } = at(event)
    setHover(here)
    const now = drag.current
    if (!now) return
    if (now.kind === 'seek') goToPosition(here)
    if (now.kind === 'loop') moveHead((head) => setLoop(head, [now.from, here]))
    if (now.kind === 'pan') {
      useCompare.setState((state) => ({
        range: moveRange(
          state.range,
          ((now.x - x) / Math.max(1, width)) * (state.range.to - state.range.from),
          count,
        ),
      }))
      now.x = x
    }
  }
  return (
    <div className={css.over}>
      <div
        ref={layer}
        className={css.layer}
        title={undefined}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => (drag.current = undefined)}
        onPointerCancel={() => (drag.current = undefined)}
        onPointerLeave={() => setHover(undefined)}
        onDoubleClick={() => useCompare.setState({ range: wholeRange(count) })}
        role="slider"
        tabIndex={-1}
        aria-label={t('timeline.help')}
        aria-valuemin={1}
        aria-valuemax={count}
        aria-valuenow={position + 1}
      >
        {loop && (
          <div
            className={css.loop}
            style={{
              left: share(loop[0] - 0.5),
              width: `calc(${share(loop[1] + 0.5)} - ${share(loop[0] - 0.5)})`,
            }}
          />
        )}
        {hover !== undefined && <div className={css.hover} style={{ left: share(hover) }} />}
        <div className={css.playhead} style={{ left: share(position) }} data-testid="playhead" />
        {markers.map((marker) => {
          const where = positions.get(marker.name)
          if (where === undefined || where < range.from || where >= range.to) return null
          return (
            <button
              key={marker.id}
              type="button"
              className={css.marker}
              style={{ left: share(where) }}
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
    </div>
  )
}

function HoverValues({ data, position, place }: { data: OpenComparison; position: number; place: number }) {
  const metrics = useCompare((state) => state.metrics)
  const { t } = useTranslation('compare')
  return (
    <div
      className={css.tip}
      style={
        place > 0.6
          ? { right: `calc(${(1 - place) * 100}% + 10px)` }
          : { left: `calc(${place * 100}% + 10px)` }
      }
    >
      <strong>
        {t('transport.frame')} {position + 1}
      </strong>
      <table>
        <tbody>
          {data.runs.map((run, at) => (
            <tr key={run.id}>
              <th>
                <i style={{ background: data.sources[at + 1].color }} />
                {run.label}
              </th>
              {metrics.map((metric) => {
                const value = valueAt(run, metric, position)
                return <td key={metric}>{value === undefined ? '·' : formatNumber(value)}</td>
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
