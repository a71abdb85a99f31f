import { FolderOpen, Shapes, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { engine, useCapabilities } from '../../api/connection.ts'
import { invalidate, useEngineCommand, useEngineQuery } from '../../api/queries.ts'
import { useChooseWorkspace } from '../../app/useChooseWorkspace.ts'
import { useJobs } from '../../app/jobs.ts'
import { ProgressFacts } from '../../app/JobLine.tsx'
import { openWorkspace } from '../../app/workspace.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { PathText } from '../../ui/PathText.tsx'
import { ProgressBar } from '../../ui/ProgressBar.tsx'
import { Failed } from '../../ui/states.tsx'
import { removeWithUndo, toast, useRemovals } from '../../ui/toasts.ts'
import css from './StartView.module.css'

/** The page without a workspace: open one, make one, or go on with an earlier one. */
export function StartView() {
  const { t } = useTranslation('workspace')
  const { hasDroppedPaths } = useCapabilities()
  const chooseWorkspace = useChooseWorkspace()
  return (
    <div className={css.start}>
      <div className={css.column}>
        <header>
          <h1>{t('start.heading')}</h1>
          <p>{t('start.about')}</p>
        </header>
        <div className={css.actions}>
          <Button icon={FolderOpen} look="primary" keys="mod+o" onClick={chooseWorkspace}>
            {t('start.open')}
          </Button>
          <SampleButton />
          {hasDroppedPaths && <span className={css.drop}>{t('start.drop')}</span>}
        </div>
        <Recent />
      </div>
    </div>
  )
}

function SampleButton() {
  const { t } = useTranslation('workspace')
  const [jobId, setJobId] = useState<string>()
  const create = useEngineCommand('workspaces.createSample', { onSuccess: ({ jobId: id }) => setJobId(id) })
  const job = useJobs(({ jobs }) => (jobId === undefined ? undefined : jobs.get(jobId)))
  const isUnderWay = create.isPending || job?.status === 'running' || job?.status === 'queued'
  const made = job?.status === 'done' ? (job.result as { root?: string } | undefined)?.root : undefined
  useEffect(() => {
    if (made !== undefined) openWorkspace(made)
  }, [made])
  if (isUnderWay) {
    const { progress } = job ?? {}
    return (
      <div className={css.making}>
        <span>{t('start.makingSample')}</span>
        <ProgressBar
          value={progress && progress.total > 0 ? progress.done / progress.total : undefined}
          label={t('start.makingSample')}
        />
        <span className={css.facts}>{progress && <ProgressFacts progress={progress} />}</span>
      </div>
    )
  }
  return (
    <>
      <Button icon={Shapes} hint={t('start.sampleHint')} onClick={() => create.mutate({})}>
        {t('start.sample')}
      </Button>
      {create.error && <Failed error={create.error} isInline />}
    </>
  )
}

function Recent() {
  const { t } = useTranslation('workspace')
  const { t: tApp } = useTranslation()
  const { data, error, refetch } = useEngineQuery('workspaces.list', {})
  const removed = useRemovals(({ keys }) => keys)
  const shown = data?.filter(({ root }) => !removed.has(`workspace:${root}`))
  const forget = (root: string, name: string) =>
    removeWithUndo({
      key: `workspace:${root}`,
      text: t('start.forgotten', { name }),
      undoLabel: tApp('actions.undo'),
      perform: async () => {
        await engine().call('workspaces.forget', { root })
        invalidate('workspaces.list')
      },
      onError: (caught) =>
        toast({ look: 'failed', text: String(caught instanceof Error ? caught.message : caught) }),
    })
  return (
    <section className={css.recent} aria-label={t('start.recent')}>
      <h2>{t('start.recent')}</h2>
      {error && <Failed error={error} retry={() => void refetch()} isInline />}
      {shown?.length === 0 && <p className={css.none}>{t('start.noRecent')}</p>}
      <ul>
        {shown?.map(({ root, name, openedAt, exists }) => (
          <li key={root}>
            <button
              type="button"
              className={css.entry}
              aria-disabled={!exists || undefined}
              onClick={() => exists && openWorkspace(root)}
            >
              <span className={css.name}>{name}</span>
              <PathText path={root} longest={60} />
              <span className={css.when}>{exists ? <Moment at={openedAt} /> : t('start.gone')}</span>
            </button>
            <IconButton icon={X} size={14} label={t('start.forget')} onClick={() => forget(root, name)} />
          </li>
        ))}
      </ul>
    </section>
  )
}
