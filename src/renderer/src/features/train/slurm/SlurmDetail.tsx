import { Ban, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SlurmJob, SlurmSubmission } from '../../../../../shared/contract/training.ts'
import { engine } from '../../../api/connection.ts'
import { invalidate, useEngineCommand } from '../../../api/queries.ts'
import { goTo } from '../../../app/hashLocation.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { DataTable, type Column } from '../../../ui/DataTable.tsx'
import { Facts } from '../../../ui/Facts.tsx'
import { Moment } from '../../../ui/Moment.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { PathText } from '../../../ui/PathText.tsx'
import { Status } from '../../../ui/Status.tsx'
import { removeWithUndo, toast } from '../../../ui/toasts.ts'
import { LogView } from '../processes/LogView.tsx'
import css from '../processes/processes.module.css'
import { lookOfTask, stateOfSubmission } from './slurmState.ts'

const failed = (error: unknown) =>
  toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })

/** A job in Slurm: its state, the tasks of an array, the output of one of them. */
export function SlurmDetail({ job }: { job: SlurmSubmission }) {
  const { t } = useTranslation('train')
  const { t: tApp } = useTranslation()
  const [chosen, setChosen] = useState<string>()
  const { state, look } = stateOfSubmission(job)
  const cancel = useEngineCommand('slurm.cancel', {
    onSuccess: () => invalidate('slurm.list'),
    onError: failed,
  })
  const remove = () => {
    goTo('/train/slurm')
    removeWithUndo({
      key: `slurm:${job.jobId}`,
      text: t('slurm.removed', { name: job.name }),
      undoLabel: tApp('actions.undo'),
      perform: async () => {
        await engine().call('slurm.forget', { jobId: job.jobId })
        invalidate('slurm.list')
      },
      onError: failed,
    })
  }
  const started = job.tasks.filter(({ jobId }) => !jobId.includes('['))
  const shown = job.isArray ? (started.find(({ jobId }) => jobId === chosen) ?? started[0])?.jobId : job.jobId
  const [task] = job.tasks
  return (
    <>
      <header className={css.head}>
        <h2>{job.name}</h2>
        <Status look={look}>{state || t('slurm.forgotten')}</Status>
        <div className={css.actions}>
          {job.isOver || job.isForgotten ? (
            <IconButton icon={Trash2} label={t('slurm.remove')} onClick={remove} />
          ) : (
            <Button
              icon={Ban}
              look="danger"
              isBusy={cancel.isPending}
              onClick={() => cancel.mutate({ jobId: job.jobId })}
            >
              {t(job.isArray ? 'slurm.cancelAll' : 'slurm.cancel')}
            </Button>
          )}
        </div>
      </header>
      <div className={css.panels}>
        <div className={css.main}>
          {job.isArray && (
            <Panel title={t('slurm.tasks')} note={String(job.tasks.length)} flush>
              <Tasks
                tasks={job.tasks}
                shown={shown}
                onChoose={setChosen}
                onCancel={(jobId) => cancel.mutate({ jobId })}
              />
            </Panel>
          )}
          {shown === undefined ? null : <LogView source={{ kind: 'slurm', id: shown }} />}
        </div>
        <div className={css.facts}>
          <Panel title={t('processes.facts')}>
            <Facts
              facts={[
                [t('slurm.number'), job.cluster === null ? job.jobId : `${job.jobId} · ${job.cluster}`],
                [t('slurm.submittedAt'), <Moment key="at" at={job.submittedAt} />],
                ...(job.isArray || !task
                  ? []
                  : ([
                      [t('slurm.elapsed'), task.elapsed],
                      [t('slurm.node'), task.node],
                      [t('slurm.reason'), task.reason],
                      [t('processes.exitCode'), task.exitCode],
                      [t('processes.signal'), task.signal || undefined],
                    ] as [string, string | number | null | undefined][])),
                [t('slurm.script'), <PathText key="script" path={job.script} longest={30} />],
                [t('processes.folder'), <PathText key="cwd" path={job.cwd} longest={30} />],
                ['stdout', <PathText key="out" path={job.stdoutPath} longest={30} />],
                ['stderr', <PathText key="err" path={job.stderrPath} longest={30} />],
              ]}
            />
          </Panel>
        </div>
      </div>
    </>
  )
}

function Tasks(props: {
  tasks: readonly SlurmJob[]
  shown: string | undefined
  onChoose(jobId: string): void
  onCancel(jobId: string): void
}) {
  const { tasks, shown, onChoose, onCancel } = props
  const { t } = useTranslation('train')
  const columns: Column<SlurmJob>[] = [
    { id: 'task', title: t('slurm.task'), cell: ({ jobId }) => jobId.split('_')[1] ?? jobId },
    {
      id: 'state',
      title: t('slurm.state'),
      cell: (task) => <Status look={lookOfTask(task)}>{task.state}</Status>,
    },
    { id: 'reason', title: t('slurm.reason'), cell: ({ reason }) => reason },
    { id: 'node', title: t('slurm.node'), cell: ({ node }) => node },
    { id: 'elapsed', title: t('slurm.elapsed'), isNumeric: true, cell: ({ elapsed }) => elapsed },
    { id: 'exit', title: t('processes.exitCode'), isNumeric: true, cell: ({ exitCode }) => exitCode },
    {
      id: 'cancel',
      title: <span className="visuallyHidden">{t('slurm.cancel')}</span>,
      width: 44,
      cell: ({ jobId, isOver }) =>
        isOver ? null : (
          <IconButton
            icon={Ban}
            size={14}
            label={t('slurm.cancelTask', { task: jobId })}
            onClick={() => onCancel(jobId)}
          />
        ),
    },
  ]
  return (
    <DataTable
      label={t('slurm.tasks')}
      rows={tasks}
      columns={columns}
      rowKey={({ jobId }) => jobId}
      selectedKey={shown}
      onSelect={({ jobId }) => onChoose(jobId)}
    />
  )
}
