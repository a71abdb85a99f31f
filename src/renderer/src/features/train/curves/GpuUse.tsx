import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../../api/queries.ts'
import { Panel } from '../../../ui/Panel.tsx'
import { ProgressBar } from '../../../ui/ProgressBar.tsx'
import { gpuState } from '../launch/gpuState.ts'
import css from './curves.module.css'

/** Use and memory of the GPUs, now. `indices` limits it to those a process may see; none or `all` mean every GPU. */
export function GpuUse({ indices = [] }: { indices?: readonly string[] }) {
  const { t } = useTranslation('train')
  const { data } = useEngineQuery('training.gpus', {}, { refetchInterval: 2000, staleTime: 1000 })
  const shown = data?.gpus.filter(
    ({ index, uuid }) =>
      indices.length === 0 ||
      indices.includes('all') ||
      indices.includes(String(index)) ||
      indices.includes(uuid),
  )
  if (!data || !shown) return null
  return (
    <Panel title={t('gpu.title')}>
      {shown.length === 0 ? (
        <p className={css.faint}>{data.reason ?? t('gpu.none')}</p>
      ) : (
        <ul className={css.gpuList}>
          {shown.map((gpu) => (
            <li key={gpu.uuid} title={gpu.name}>
              <span>GPU {gpu.index}</span>
              <ProgressBar
                value={(gpu.utilizationPercent ?? 0) / 100}
                label={t('gpu.use', { index: gpu.index })}
                state="idle"
              />
              <span className={css.faint}>
                {gpuState(gpu).text}
                {gpu.temperatureCelsius !== null && ` · ${gpu.temperatureCelsius} °C`}
                {gpu.powerWatts !== null && ` · ${Math.round(gpu.powerWatts)} W`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
