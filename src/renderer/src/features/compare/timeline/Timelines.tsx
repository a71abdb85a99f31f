import { useEffect, useRef, useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { Marker } from '../../../../../shared/contract/compare.ts'
import type { OpenComparison } from '../comparison.ts'
import { useCompare } from '../compareStore.ts'
import { Plot } from './Plot.tsx'
import { Pointers } from './Pointers.tsx'
import { RowHead } from './RowHead.tsx'
import css from './Timelines.module.css'

/** One row per metric, all over the same frames, with one playhead through them. */
export function Timelines({ data, markers }: { data: OpenComparison; markers: readonly Marker[] }) {
  const { t } = useTranslation('compare')
  const metrics = useCompare((state) => state.metrics)
  const area = useRef<HTMLDivElement>(null)
  const width = useWidth(area)
  const shown = metrics.flatMap((id) => data.metrics.find((metric) => metric.id === id) ?? [])
  const rest = data.metrics.filter(({ id }) => !metrics.includes(id))
  return (
    <section className={css.timelines} aria-label={t('timeline.title')}>
      {shown.map((metric, index) => (
        <div key={metric.id} className={css.row}>
          <RowHead
            metric={metric}
            data={data}
            isFirst={index === 0}
            canRemove={shown.length > 1}
            canAdd={index === shown.length - 1 ? rest[0] : undefined}
          />
          <Plot metric={metric} data={data} width={width} />
        </div>
      ))}
      {shown.length === 0 && (
        <div className={css.row}>
          <p className={css.none}>{data.runs.length > 0 ? t('timeline.none') : t('timeline.frames')}</p>
        </div>
      )}
      <div ref={area} className={css.over}>
        <Pointers data={data} markers={markers} width={width} />
      </div>
    </section>
  )
}

function useWidth(element: RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return width
}
