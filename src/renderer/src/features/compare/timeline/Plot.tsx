import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MetricInfo } from '../../../../../shared/domain/metricCatalog.ts'
import { useMetricWords } from '../../../i18n/metricTitle.ts'
import { formatNumber } from '../../../ui/format.ts'
import { colorOfRun, type OpenComparison } from '../comparison.ts'
import { useCompare } from '../compareStore.ts'
import { extentOf } from '../playback/dips.ts'
import { drawTimeline, stripHeight, type TimelineCurve } from './drawTimeline.ts'
import css from './Timelines.module.css'

/**
 * The curves of one metric, and the ends of its axis beside them.
 *
 * @param width of the curves, in CSS pixels.
 */
export function Plot({ metric, data, width }: { metric: MetricInfo; data: OpenComparison; width: number }) {
  const { t } = useTranslation('compare')
  const { titleOf } = useMetricWords()
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
      states: run.states,
      color: color(/--[\w-]+/.exec(colorOfRun(data, run))![0]),
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
        missing: color('--text-3'),
      },
    })
  }, [data, metric, curves, extent, range, width, height, theme])

  const [top, bottom] = metric.direction === 'higher' ? [extent.max, extent.min] : [extent.min, extent.max]
  return (
    <div className={css.plot}>
      <canvas
        ref={canvas}
        className={css.canvas}
        style={{ width, height }}
        role="img"
        aria-label={t('timeline.label', { metric: titleOf(metric) })}
      />
      <span className={css.axis} style={{ top: 1 }}>
        {formatNumber(top, 3)}
      </span>
      <span className={css.axis} style={{ top: height - data.runs.length * stripHeight - 15 }}>
        {formatNumber(bottom, 3)}
      </span>
    </div>
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
