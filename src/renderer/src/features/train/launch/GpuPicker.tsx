import { useTranslation } from 'react-i18next'
import type { Gpu } from '../../../../../shared/contract/training.ts'
import { withDevices, withLauncher } from '../../../../../shared/domain/launch/changeLauncher.ts'
import type { LaunchForm } from '../../../../../shared/domain/launch/launchForm.ts'
import { launcherKind, visibleDevices, worldSize } from '../../../../../shared/domain/launch/worldSize.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { classes } from '../../../ui/classes.ts'
import { gpuState } from './gpuState.ts'
import css from './launch.module.css'

/** The GPUs of this machine with their use, to choose from; a sentence when there are none. */
export function GpuPicker(props: {
  chosen: readonly string[] | undefined
  onToggle(gpu: Gpu): void
  /** What it means that none is chosen. */
  noneChosen?: string
}) {
  const { chosen, onToggle, noneChosen } = props
  const { t } = useTranslation('train')
  const { data } = useEngineQuery('training.gpus', {}, { refetchInterval: 5000 })
  if (!data) return null
  if (data.gpus.length === 0)
    return (
      <p className={css.faint}>
        {t('launcher.noGpu')} {data.reason}
      </p>
    )
  return (
    <div className={css.gpus} role="group" aria-label={t('launcher.gpus')} data-field="CUDA_VISIBLE_DEVICES">
      {data.gpus.map((gpu) => (
        <button
          key={gpu.uuid}
          type="button"
          className={classes(css.gpu, gpuState(gpu).isBusy && css.isBusy)}
          aria-pressed={chosen?.includes(String(gpu.index)) ?? false}
          title={gpu.name}
          onClick={() => onToggle(gpu)}
        >
          <strong>GPU {gpu.index}</strong>
          <span>{gpuState(gpu).text}</span>
        </button>
      ))}
      {chosen === undefined && <span className={css.faint}>{noneChosen ?? t('launcher.allGpus')}</span>}
    </div>
  )
}

/** The form with a GPU added or taken away; as many processes as GPUs, where that was so before. */
export function withGpuToggled(form: LaunchForm, gpu: Pick<Gpu, 'index'>): LaunchForm {
  const present = visibleDevices(form) ?? []
  const name = String(gpu.index)
  const next = (present.includes(name) ? present.filter((one) => one !== name) : [...present, name]).sort(
    (a, b) => Number(a) - Number(b),
  )
  const chosen = withDevices(form, next)
  const kind = launcherKind(form)
  const follows = kind !== 'python' && kind !== 'srun' && worldSize(form) === Math.max(1, present.length)
  return follows ? withLauncher(chosen, kind, { processes: Math.max(1, next.length) }) : chosen
}
