import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { TrainingProcess, TrainingRun } from '../../../../../shared/contract/training.ts'
import { engine } from '../../../api/connection.ts'
import { invalidate, useEngineQuery } from '../../../api/queries.ts'
import { formatCount, formatDuration, formatNumber } from '../../../ui/format.ts'
import { Panel } from '../../../ui/Panel.tsx'
import { ProgressBar } from '../../../ui/ProgressBar.tsx'
import { CheckpointTable } from '../curves/CheckpointTable.tsx'
import { mainKeys } from '../curves/keys.ts'
import { SeriesPanel } from '../curves/SeriesPanel.tsx'
import css from './processes.module.css'
import { isLive } from './processStore.ts'
import { progressOfRun, runOfProcess } from './runOfProcess.ts'

/** How often new lines of the log are looked for while the process runs, ms. */
const lookEveryMs = 2500

/** The curves and checkpoints a process writes, once its log is there. */
export function RunOfProcess({ process }: { process: TrainingProcess }) {
  const { t } = useTranslation('train')
  const isRunning = isLive(process)
  const runs = useEngineQuery('training.runs', { workspace: process.workspace }, { staleTime: 0 })
  useEffect(() => {
    let isOver = false
    const look = () =>
      engine()
        .call('logs.index', { workspace: process.workspace })
        .then(() => !isOver && invalidate('training.runs', 'training.checkpoints'))
        // The next look tells; the log pane shows the process itself meanwhile.
        .catch(() => {})
    void look()
    const timer = isRunning ? setInterval(() => void look(), lookEveryMs) : undefined
    return () => {
      isOver = true
      clearInterval(timer)
    }
  }, [process.workspace, isRunning])
  const run = runs.data && runOfProcess(runs.data, process)
  if (!run) return null
  return (
    <>
      <Progress run={run} process={process} />
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
              refetchMs={isRunning ? lookEveryMs : undefined}
            />
          ))}
      </div>
      <Panel
        title={t('checkpoints.title')}
        actions={
          <Link href={`/train/curves?run=${encodeURIComponent(run.id)}`} className={css.more}>
            {t('curves.openAll')}
          </Link>
        }
        flush
      >
        <CheckpointTable
          workspace={process.workspace}
          run={run}
          refetchMs={isRunning ? lookEveryMs : undefined}
        />
      </Panel>
    </>
  )
}

function Progress({ run, process }: { run: TrainingRun; process: TrainingProcess }) {
  const { t } = useTranslation('train')
  const { data } = useTotalSteps(process)
  const { step, total, stepsPerSecond, secondsLeft } = progressOfRun(run, process, data)
  if (step === null) return null
  const isRunning = isLive(process)
  const isWhole = total !== undefined && step >= total
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
        {run.lastLoss !== null && (
          <span>
            {t('progress.loss')}{' '}
            {typeof run.lastLoss === 'number' ? formatNumber(run.lastLoss) : run.lastLoss}
          </span>
        )}
        {stepsPerSecond !== undefined && (
          <span>{t('progress.rate', { rate: formatNumber(stepsPerSecond, 3) })}</span>
        )}
        {isRunning && secondsLeft !== undefined && (
          <span>{t('progress.left', { time: formatDuration(secondsLeft) })}</span>
        )}
      </div>
    </div>
  )
}

/** The number of steps the command makes, from its arguments and the data set. */
function useTotalSteps({ argv, env, workspace }: TrainingProcess) {
  const form = useEngineQuery('experiments.form', { argv, env }, { staleTime: Infinity })
  const hints = useEngineQuery(
    'experiments.hints',
    { form: form.data?.form ?? { env: [], stages: [], script: null, items: [] }, root: workspace },
    { enabled: form.data !== undefined, staleTime: Infinity },
  )
  return { data: hints.data?.size?.totalSteps }
}
