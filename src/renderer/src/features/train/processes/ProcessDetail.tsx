import { NotebookPen, RotateCcw, Square, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrainingProcess } from '../../../../../shared/contract/training.ts'
import { formFromCommand, valueOf } from '../../../../../shared/domain/launch/launchForm.ts'
import { quoteShell } from '../../../../../shared/domain/shellWords.ts'
import { engine } from '../../../api/connection.ts'
import { useEngineCommand } from '../../../api/queries.ts'
import { goTo } from '../../../app/hashLocation.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Facts } from '../../../ui/Facts.tsx'
import { formatDuration } from '../../../ui/format.ts'
import { Moment, useNow } from '../../../ui/Moment.tsx'
import { Notice } from '../../../ui/Notice.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { PathText } from '../../../ui/PathText.tsx'
import { Status } from '../../../ui/Status.tsx'
import { removeWithUndo, toast } from '../../../ui/toasts.ts'
import { NewFrames } from '../../evaluate/NewFrames.tsx'
import { AppendDialog } from '../../experiments/AppendDialog.tsx'
import { GpuHistory } from '../curves/GpuHistory.tsx'
import { GpuUse } from '../curves/GpuUse.tsx'
import { openDraft } from '../launch/launchStore.ts'
import { LogView } from './LogView.tsx'
import { endingOf } from './ending.ts'
import css from './processes.module.css'
import { forgetProcess, isLive, lookOfProcess, stateOfProcess } from './processStore.ts'
import { RunOfProcess, useMonitor } from './RunOfProcess.tsx'

const failed = (error: unknown) =>
  toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })

/** One process: its state and end, its curves and checkpoints, its output, its command. */
export function ProcessDetail({ process }: { process: TrainingProcess }) {
  const { t } = useTranslation('train')
  const { reason } = process
  return (
    <>
      <header className={css.head}>
        <h2>{process.title}</h2>
        <Status look={lookOfProcess(process)}>{t(`state.${stateOfProcess(process)}`)}</Status>
        <RanFor process={process} />
        <Actions process={process} />
      </header>
      {process.status === 'queued' && (
        <Notice>{t('processes.waits', { count: process.waitsFor.length })}</Notice>
      )}
      {process.leftBehind > 0 && <LeftBehind process={process} />}
      {reason && reason.kind !== 'finished' && (
        <div className={css.reason} data-look={reason.kind === 'stopped' ? 'plain' : 'failed'} role="status">
          <p>{endingOf(reason, t)}</p>
          {reason.traceback !== null && (
            <details open>
              <summary>{t('processes.traceback')}</summary>
              <pre tabIndex={0}>{reason.traceback}</pre>
            </details>
          )}
        </div>
      )}
      <div className={css.panels}>
        <div className={css.main}>
          <NewFrames process={process} />
          <RunOfProcess process={process} />
          <LogView source={{ kind: 'process', id: process.id }} />
        </div>
        <div className={css.facts}>
          {isLive(process) && <GpuUse indices={process.gpus} />}
          <GpuHistory process={process} />
          <Panel
            title={t('processes.command')}
            actions={<CopyButton text={quoteShell(process.argv, process.env)} label={t('preview.copy')} />}
          >
            <code className={css.command} tabIndex={0}>
              {quoteShell(process.argv, process.env)}
            </code>
          </Panel>
          <Panel title={t('processes.facts')}>
            <Facts
              facts={[
                [
                  t('processes.started'),
                  process.startedAt === null ? null : <Moment at={process.startedAt} />,
                ],
                [t('processes.ended'), process.endedAt === null ? null : <Moment at={process.endedAt} />],
                ['PID', process.pid],
                [t('launcher.gpus'), process.gpus.join(', ')],
                [t('processes.exitCode'), reason?.exitCode],
                [t('processes.signal'), reason?.signal],
                [
                  t('processes.program'),
                  process.program === undefined ? undefined : (
                    <PathText key="program" path={process.program} longest={30} />
                  ),
                ],
                [t('processes.folder'), <PathText key="cwd" path={process.cwd} longest={30} />],
                ['stdout', <PathText key="out" path={process.stdoutPath} longest={30} />],
                ['stderr', <PathText key="err" path={process.stderrPath} longest={30} />],
              ]}
            />
          </Panel>
        </div>
      </div>
    </>
  )
}

/** What still runs of an ended process; it may hold memory of a GPU. */
function LeftBehind({ process: { id, leftBehind } }: { process: TrainingProcess }) {
  const { t } = useTranslation('train')
  const stop = useEngineCommand('training.stop', { onError: failed })
  return (
    <Notice look="warning">
      {t('processes.leftBehind', { count: leftBehind })}{' '}
      <Button size="small" isBusy={stop.isPending} onClick={() => stop.mutate({ id })}>
        {t('processes.endThem', { count: leftBehind })}
      </Button>
    </Notice>
  )
}

function RanFor({ process: { startedAt, endedAt } }: { process: TrainingProcess }) {
  const now = useNow(1000)
  if (startedAt === null) return null
  return <span className={css.ran}>{formatDuration(((endedAt ?? now) - startedAt) / 1000)}</span>
}

function Actions({ process }: { process: TrainingProcess }) {
  const { t } = useTranslation('train')
  const { t: tApp } = useTranslation()
  const [dialog, setDialog] = useState<'stop' | 'append'>()
  const again = () => {
    const form = formFromCommand(process)
    goTo(openDraft({ form, recorded: form, origin: process.title, title: process.title }))
  }
  const remove = () => {
    goTo('/train/processes')
    removeWithUndo({
      key: `process:${process.id}`,
      text: t('processes.removed', { title: process.title }),
      undoLabel: tApp('actions.undo'),
      perform: async () => {
        await engine().call('training.forget', { id: process.id })
        forgetProcess(process.id)
      },
      onError: failed,
    })
  }
  return (
    <div className={css.actions}>
      {isLive(process) ? (
        <Button icon={Square} look="danger" onClick={() => setDialog('stop')}>
          {t('processes.stop')}
        </Button>
      ) : (
        <>
          <Button icon={NotebookPen} onClick={() => setDialog('append')}>
            {t('processes.append')}
          </Button>
          <Button icon={RotateCcw} onClick={again}>
            {t('processes.again')}
          </Button>
          <IconButton icon={Trash2} label={t('processes.remove')} onClick={remove} />
        </>
      )}
      <StopDialog process={process} isOpen={dialog === 'stop'} onClose={() => setDialog(undefined)} />
      {dialog === 'append' && <NoteDialog process={process} onClose={() => setDialog(undefined)} />}
    </div>
  )
}

/** The lab book's dialog with what is known of the run already filled in. */
function NoteDialog({ process, onClose }: { process: TrainingProcess; onClose(): void }) {
  const monitor = useMonitor(process)
  if (monitor.isPending) return null
  const run = monitor.data?.run
  const loss = run?.lastLoss
  return (
    <AppendDialog
      command={{ argv: process.argv, env: process.env }}
      root={process.workspace}
      experiment={process.title}
      step={run?.lastStep ?? undefined}
      scores={typeof loss === 'number' && loss !== 0 ? `loss ${loss}` : undefined}
      onClose={onClose}
    />
  )
}

function StopDialog(props: { process: TrainingProcess; isOpen: boolean; onClose(): void }) {
  const { process, isOpen, onClose } = props
  const { t } = useTranslation('train')
  const { t: tApp } = useTranslation()
  const stop = useEngineCommand('training.stop', { onSuccess: onClose, onError: failed })
  const saveSteps = valueOf(formFromCommand(process), '--save_steps')
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('stop.title', { title: process.title })}
      footer={
        <>
          <Button onClick={onClose}>{tApp('actions.cancel')}</Button>
          <Button onClick={() => stop.mutate({ id: process.id, now: true })} hint={t('stop.nowHint')}>
            {t('stop.now')}
          </Button>
          <Button
            icon={Square}
            look="danger"
            isBusy={stop.isPending}
            onClick={() => stop.mutate({ id: process.id })}
          >
            {t('processes.stop')}
          </Button>
        </>
      }
    >
      <p>{process.status === 'queued' ? t('stop.queued') : t('stop.about')}</p>
      {process.status !== 'queued' && saveSteps !== undefined && (
        <p className={css.faint}>{t('stop.lost', { steps: saveSteps })}</p>
      )}
    </Dialog>
  )
}
