import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ProcessMonitor, TrainingProcess } from '../../../../../shared/contract/training.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { formatCount, formatDuration, formatNumber } from '../../../ui/format.ts'
import { Notice } from '../../../ui/Notice.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { ProgressBar } from '../../../ui/ProgressBar.tsx'
import { CheckpointTable } from '../curves/CheckpointTable.tsx'
import { mainKeys } from '../curves/keys.ts'
import { SeriesPanel } from '../curves/SeriesPanel.tsx'
import css from './processes.module.css'
import { isLive } from './processStore.ts'
import { progressOf } from './progressOf.ts'

/** How often new lines of the log are looked for while the process runs, ms. */
const lookEveryMs = 2500

/** What a process has logged, looked at again while it runs. */
export function useMonitor(process: TrainingProcess) {
  return useEngineQuery(
    'training.monitor',
    { id: process.id },
    { refetchInterval: isLive(process) ? lookEveryMs : false, staleTime: 1000 },
  )
}

/** Progress, curves and checkpoints of a process, once it logs something. */
export function RunOfProcess({ process }: { process: TrainingProcess }) {
  const { t } = useTranslation('train')
  const { data } = useMonitor(process)
  if (!data) return null
  const { run, silence } = data
  const refetchMs = isLive(process) ? lookEveryMs : undefined
  const isOfWorkspace = run !== null && run.outputDirs.length > 0
  return (
    <>
      {silence && (
        <Notice look="warning">
          {t('progress.silence', {
            time: formatDuration(silence.seconds),
            usual: formatDuration(silence.usualSeconds),
          })}
        </Notice>
      )}
      <ProgressOfRun monitor={data} process={process} />
      {run && (
        <div className={css.plots}>
          {mainKeys(run.keys)
            .slice(0, 2)
            .map((key) => (
              <SeriesPanel
                key={key.id}
                workspace={process.workspace}
                runs={[run]}
                keyId={key.id}
                x="step"
                height={170}
                refetchMs={refetchMs}
              />
            ))}
        </div>
      )}
      {isOfWorkspace && (
        <Panel
          title={t('checkpoints.title')}
          actions={
            <Link href={`/train/curves?run=${encodeURIComponent(run.id)}`} className={css.more}>
              {t('curves.openAll')}
            </Link>
          }
          flush
        >
          <CheckpointTable workspace={process.workspace} run={run} refetchMs={refetchMs} />
        </Panel>
      )}
    </>
  )
}

function ProgressOfRun({ monitor, process }: { monitor: ProcessMonitor; process: TrainingProcess }) {
  const { t } = useTranslation('train')
  const { step, total, stepsPerSecond, secondsLeft } = progressOf(monitor, useTotalSteps(process))
  if (step === null) return null
  const isRunning = isLive(process)
  const isWhole = total !== undefined && step >= total
  const loss = monitor.run?.lastLoss ?? null
  return (
    <div className={css.progress}>
      {total !== undefined && (
        <ProgressBar
          value={step / total}
          label={process.title}
          state={isRunning ? 'running' : isWhole ? 'done' : 'idle'}
        />
      )}
      <div className={css.progressFacts}>
        <span>
          {t('progress.step')} {formatCount(step)}
          {total !== undefined && ` / ${formatCount(total)}`}
        </span>
        {loss !== null && (
          <span>
            {t('progress.loss')} {typeof loss === 'number' ? formatNumber(loss) : loss}
          </span>
        )}
        {stepsPerSecond !== undefined && <span>{rateText(stepsPerSecond, t)}</span>}
        {isRunning && secondsLeft !== undefined && (
          <span>{t('progress.left', { time: formatDuration(secondsLeft) })}</span>
        )}
      </div>
    </div>
  )
}

/** Slow trainings are spoken of in seconds a step, fast ones in steps a second. */
const rateText = (
  perSecond: number,
  t: (key: 'progress.rate' | 'progress.slowRate', values: { rate: string }) => string,
) =>
  perSecond >= 1
    ? t('progress.rate', { rate: formatNumber(perSecond, 3) })
    : t('progress.slowRate', { rate: formatNumber(1 / perSecond, 3) })

/** The number of steps the command makes, from its arguments and the data set. */
function useTotalSteps({ argv, env, workspace }: TrainingProcess): number | undefined {
  const form = useEngineQuery('experiments.form', { argv, env }, { staleTime: Infinity })
  const hints = useEngineQuery(
    'experiments.hints',
    { form: form.data?.form ?? { env: [], stages: [], script: null, items: [] }, root: workspace },
    { enabled: form.data !== undefined, staleTime: Infinity },
  )
  return hints.data?.size?.totalSteps
}
