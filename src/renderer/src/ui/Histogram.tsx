import { useState } from 'react'
import type { Distribution } from './bins.ts'
import { goodness, viridis } from './colorMaps.ts'
import { formatCount, formatNumber } from './format.ts'
import css from './Histogram.module.css'

/**
 * A distribution: bars coloured by score (bright = good), a line at the mean. Hover reads a bin, a click chooses it
 * (`selected` is its index) and a second click lets it go.
 */
export function Histogram(props: {
  data: Distribution
  direction: 'higher' | 'lower'
  label: string
  unit: string
  selected?: number
  onSelect?: (bin: number | undefined) => void
  height?: number
}) {
  const { data, direction, label, unit, selected, onSelect, height = 72 } = props
  const [hovered, setHovered] = useState<number>()
  const { edges, counts } = data
  const [low, high] = [edges[0], edges[edges.length - 1]]
  const top = Math.max(...counts)
  const width = 240
  const x = (value: number) => ((value - low) / (high - low)) * width
  const read = hovered ?? selected
  const rangeOf = (bin: number) =>
    `${formatNumber(edges[bin], 3)} – ${formatNumber(edges[bin + 1], 3)} ${unit}`
  return (
    <figure className={css.figure}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        className={css.plot}
        style={{ height }}
        role="img"
        aria-label={label}
        onMouseLeave={() => setHovered(undefined)}
      >
        {counts.map((count, bin) => {
          const barHeight = count === 0 ? 0 : Math.max(1.5, (count / top) * (height - 4))
          const left = x(edges[bin])
          const barWidth = Math.max(0.5, x(edges[bin + 1]) - left - 1)
          const isFaded = selected !== undefined && selected !== bin
          return (
            <g
              key={edges[bin]}
              onMouseEnter={() => setHovered(bin)}
              onClick={() => onSelect?.(selected === bin ? undefined : bin)}
            >
              <rect
                x={left}
                y={0}
                width={barWidth + 1}
                height={height}
                fill={hovered === bin ? 'var(--hover)' : 'transparent'}
              />
              <rect
                x={left}
                y={height - barHeight}
                width={barWidth}
                height={barHeight}
                fill={viridis(
                  0.12 + 0.83 * goodness((edges[bin] + edges[bin + 1]) / 2, low, high, direction),
                )}
                opacity={isFaded ? 0.3 : 1}
              />
            </g>
          )
        })}
        <line x1={x(data.mean)} x2={x(data.mean)} y1={0} y2={height} className={css.mean} />
      </svg>
      <div className={css.axis} aria-hidden>
        {read === undefined ? (
          <>
            <span>{formatNumber(low, 3)}</span>
            <span>{formatNumber(high, 3)}</span>
          </>
        ) : (
          <>
            <span>{rangeOf(read)}</span>
            <span>{formatCount(counts[read])}</span>
          </>
        )}
      </div>
    </figure>
  )
}
