import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { GpuHistory as History, TrainingProcess } from '../../../../../shared/contract/training.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { Panel } from '../../../ui/Panel.tsx'
import css from './curves.module.css'
import { logSeconds } from './logClock.ts'
import { PlotCanvas } from './PlotCanvas.tsx'
import type { Curve } from './plotData.ts'
import { runColor } from './runColors.ts'

/** Samples come every ten seconds. */
const lookEveryMs = 10_000
const height = 96

/** Use and memory of the GPUs a process may see, from its start to its end; nothing where none were recorded. */
export function GpuHistory({ process }: { process: TrainingProcess }) {
  const { t } = useTranslation('train')
  const { data } = useEngineQuery(
    'training.gpuHistory',
    { id: process.id },
    { refetchInterval: process.status === 'ended' ? false : lookEveryMs, staleTime: 2000 },
  )
  const curves = useMemo(
    () => ({
      use: (data ?? []).map((gpu, at) => curveOf(gpu, at, gpu.utilizationPercent)),
      memory: (data ?? []).map((gpu, at) =>
        curveOf(
          gpu,
          at,
          gpu.memoryMiB.map((value) => value && value / 1024),
        ),
      ),
    }),
    [data],
  )
  if (!data?.some(({ x }) => x.length > 1)) return null
  return (
    <Panel title={t('gpu.history')} flush>
      {(['use', 'memory'] as const).map((kind) => (
        <figure key={kind} className={css.gpuPlot}>
          <figcaption>{t(`gpu.${kind}Plot`)}</figcaption>
          <PlotCanvas
            label={t(`gpu.${kind}Plot`)}
            curves={curves[kind]}
            xKind="time"
            isLog={false}
            height={height}
            group={`gpu ${process.id}`}
            yFrom={0}
          />
        </figure>
      ))}
    </Panel>
  )
}

const curveOf = ({ index, x }: History, at: number, y: (number | null)[]): Curve => ({
  id: String(index),
  label: `GPU ${index}`,
  color: runColor(at),
  x: x.map(logSeconds),
  y,
})
