import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RunReport } from '../../../../shared/contract/runs.ts'
import type { MetricInfo } from '../../../../shared/domain/metricCatalog.ts'
import { mediaUrl } from '../../api/media.ts'
import { useEngineQuery } from '../../api/queries.ts'
import type { Distribution } from '../../ui/bins.ts'
import { Button } from '../../ui/Button.tsx'
import { goodness, viridis } from '../../ui/colorMaps.ts'
import { formatNumber } from '../../ui/format.ts'
import { Thumb } from '../../ui/Thumb.tsx'
import css from './RunPage.module.css'
import type { FrameScore } from './scores.ts'

const step = 12
/** Wide enough for a sharp picture on a dense screen. */
const thumbWidth = 240

/** Frame pairs with their score, ground truth left and prediction right; each opens in Compare. */
export function FrameStrip({
  run,
  frames,
  metric,
  data,
}: {
  run: RunReport
  frames: readonly FrameScore[]
  metric: MetricInfo
  data: Distribution
}) {
  const { t } = useTranslation('runs')
  const [count, setCount] = useState(step)
  return (
    <>
      <div className={css.strip}>
        {frames.slice(0, count).map((frame) => (
          <Pair
            key={frame.frameIndex}
            run={run}
            frame={frame}
            color={viridis(0.12 + 0.83 * goodness(frame.value, data.min, data.max, metric.direction))}
          />
        ))}
      </div>
      {frames.length > count && (
        <div className={css.more}>
          <Button size="small" onClick={() => setCount(count + 2 * step)}>
            {t('run.more')}
          </Button>
        </div>
      )}
    </>
  )
}

function Pair({ run, frame, color }: { run: RunReport; frame: FrameScore; color: string }) {
  const { t } = useTranslation('runs')
  const { data } = useEngineQuery(
    'runs.pair',
    { runId: run.id, frameIndex: frame.frameIndex },
    { staleTime: Infinity },
  )
  const src = (path: string | undefined) =>
    path === undefined ? undefined : mediaUrl(path, { width: thumbWidth })
  const alt = (side: string) => t('run.frameAlt', { side, name: frame.name })
  return (
    <Link
      href={`/compare?run=${run.id}&frame=${frame.frameIndex}`}
      className={css.pair}
      title={t('run.openPair', { name: frame.name })}
    >
      <span className={css.pictures}>
        <Thumb src={src(data?.reference)} alt={alt(t('run.truth'))} ratio="4 / 3" />
        <Thumb src={src(data?.prediction)} alt={alt(t('run.prediction'))} ratio="4 / 3" />
      </span>
      <span className={css.caption}>
        <span title={frame.name}>{frame.name.replace(/\.[a-z]+$/i, '')}</span>
        <strong>
          <i style={{ background: color }} aria-hidden />
          {formatNumber(frame.value)}
        </strong>
      </span>
    </Link>
  )
}
