import { SegmentedControl } from '@mantine/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { useCompare } from '../compareStore.ts'
import { histogramOf, meansOf, waveformOf, type PixelRect } from '../pictures/statistics.ts'
import { pixelUnder } from '../stage/alignment.ts'
import { readPixels } from '../stage/pixelReader.ts'
import { useArrivals } from '../stage/useArrivals.ts'
import type { ShownPair } from './shownPair.ts'
import css from './PairPanel.module.css'

const plotHeight = 44

/** Histogram and waveform of the selection in each picture. Only while the playhead rests: it reads every pixel. */
export function Statistics({ data, supply, position }: ShownPair) {
  const { t } = useTranslation('compare')
  const [kind, setKind] = useState<'histogram' | 'waveform'>('histogram')
  const { selection, stage, panes, isPlaying, alignment } = useCompare(
    useShallow(({ selection, stage, panes, head: { isPlaying }, alignment }) => ({
      selection,
      stage,
      panes,
      isPlaying,
      alignment,
    })),
  )
  useArrivals()
  if (!selection || !stage) return <p className={css.hint}>{t('panel.selectHint')}</p>
  return (
    <div className={css.statistics}>
      <div className={css.statisticsHead}>
        <span>{`${selection.width}×${selection.height}`}</span>
        <SegmentedControl
          size="xs"
          aria-label={t('panel.statistics')}
          value={kind}
          onChange={(chosen) => setKind(chosen === 'waveform' ? 'waveform' : 'histogram')}
          data={[
            { value: 'histogram', label: t('panel.histogram') },
            { value: 'waveform', label: t('panel.waveform') },
          ]}
        />
      </div>
      {!isPlaying &&
        [...new Set(panes)].map((source) => {
          const shown = supply.show(useCompare.getState(), source, position)
          if (shown.state !== 'ready' || shown.detail !== 'file') return null
          const first = pixelUnder({ x: selection.x, y: selection.y }, shown.bitmap, stage, alignment)
          const last = pixelUnder(
            { x: selection.x + selection.width - 1, y: selection.y + selection.height - 1 },
            shown.bitmap,
            stage,
            alignment,
          )
          if (!first || !last) return null
          const rect = { x: first.x, y: first.y, width: last.x - first.x + 1, height: last.y - first.y + 1 }
          return (
            <StatisticsPlot
              key={source}
              bitmap={shown.bitmap}
              rect={rect}
              kind={kind}
              label={data.sources[source].label}
              color={data.sources[source].color}
            />
          )
        })}
    </div>
  )
}

function StatisticsPlot({
  bitmap,
  rect,
  kind,
  label,
  color,
}: {
  bitmap: ImageBitmap
  rect: PixelRect
  kind: 'histogram' | 'waveform'
  label: string
  color: string
}) {
  const { t } = useTranslation('compare')
  const canvas = useRef<HTMLCanvasElement>(null)
  const { x, y, width, height } = rect
  const pixels = useMemo(() => readPixels(bitmap, { x, y, width, height }), [bitmap, x, y, width, height])
  const whole = useMemo(() => ({ x: 0, y: 0, width, height }), [width, height])
  const means = useMemo(() => meansOf(pixels, whole, whole), [pixels, whole])
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    context.canvas.width = 256
    context.canvas.height = plotHeight * 2
    if (kind === 'histogram') drawHistogram(context, histogramOf(pixels, whole, whole))
    else drawWaveform(context, waveformOf(pixels, whole, whole, 256))
  }, [pixels, whole, kind])
  const list = (values: number[]) => values.map((value) => value.toFixed(1)).join(' ')
  return (
    <figure className={css.figure}>
      <canvas
        ref={canvas}
        style={{ height: plotHeight }}
        role="img"
        aria-label={`${t(`panel.${kind}`)}: ${label}`}
      />
      <figcaption>
        <i style={{ background: color }} aria-hidden />
        {t('panel.meanOf', { mean: list(means.mean), deviation: list(means.deviation) })}
      </figcaption>
    </figure>
  )
}

function drawHistogram(context: CanvasRenderingContext2D, counts: readonly Uint32Array[]): void {
  const { width, height } = context.canvas
  const most = Math.max(1, ...counts.map((channel) => Math.max(...channel)))
  context.clearRect(0, 0, width, height)
  context.globalCompositeOperation = 'lighter'
  counts.forEach((channel, at) => {
    context.fillStyle = ['#c0392b', '#2f9e5b', '#3a6fd8'][at]
    channel.forEach((count, level) => {
      // Square root, so that small counts beside a peak stay visible.
      const size = Math.sqrt(count / most) * height
      context.fillRect(level, height - size, 1, size)
    })
  })
  context.globalCompositeOperation = 'source-over'
}

function drawWaveform(context: CanvasRenderingContext2D, counts: Uint32Array): void {
  const { width, height } = context.canvas
  const most = Math.max(
    1,
    counts.reduce((a, b) => Math.max(a, b), 0),
  )
  context.clearRect(0, 0, width, height)
  for (let column = 0; column < 256; column++)
    for (let level = 0; level < 256; level++) {
      const count = counts[column * 256 + level]
      if (count === 0) continue
      context.fillStyle = `rgb(120 200 150 / ${0.15 + 0.85 * Math.sqrt(count / most)})`
      context.fillRect(column, height - 1 - (level / 255) * (height - 1), 1, 1.4)
    }
}
