import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { engine } from '../../api/connection.ts'
import { useEngineCommand } from '../../api/queries.ts'
import { ProgressFacts } from '../../app/JobLine.tsx'
import { useJobs } from '../../app/jobs.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { TextInput } from '../../ui/inputs.tsx'
import { ProgressBar } from '../../ui/ProgressBar.tsx'
import { isJobLive } from '../jobs/jobLooks.ts'
import css from './SystemPage.module.css'

/** Imports a weight file by its path on the engine's machine, and stays until that is done or refused. */
export function ImportDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { t } = useTranslation('system')
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('weights.importTitle')}>
      <ImportForm onClose={onClose} />
    </Dialog>
  )
}

function ImportForm({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('system')
  const { t: tApp } = useTranslation()
  const [path, setPath] = useState('')
  const importing = useEngineCommand('models.import')
  const jobId = importing.data?.id
  const job = useJobs(({ jobs }) => (jobId === undefined ? undefined : jobs.get(jobId)))
  const isUnderWay = importing.isPending || (job !== undefined && isJobLive(job))
  const error = importing.error ?? (job?.status === 'failed' ? job.error : undefined)
  const isDone = job?.status === 'done'
  useEffect(() => {
    if (isDone) onClose()
  }, [isDone, onClose])
  const submit = () => {
    if (path.trim() !== '' && !isUnderWay) importing.mutate({ path: path.trim() })
  }
  const cancel = () => {
    if (isUnderWay && jobId !== undefined) void engine().call('jobs.cancel', { jobId })
    else onClose()
  }
  const { progress } = job ?? {}
  return (
    <div className={css.importForm}>
      <p>{t('weights.importAbout')}</p>
      <Field
        label={t('weights.path')}
        error={error ? [error.message, error.hint].filter(Boolean).join(' ') : undefined}
      >
        <TextInput value={path} onChange={setPath} onEnter={submit} isMono autoFocus />
      </Field>
      {isUnderWay && (
        <div className={css.importing}>
          <ProgressBar
            value={progress && progress.total > 0 ? progress.done / progress.total : undefined}
            label={t('weights.importTitle')}
          />
          {progress && <ProgressFacts progress={progress} />}
        </div>
      )}
      <div className={css.importActions}>
        <Button onClick={cancel}>{tApp('actions.cancel')}</Button>
        <Button
          look="primary"
          isBusy={isUnderWay}
          disabledReason={path.trim() === '' ? t('weights.noPath') : undefined}
          onClick={submit}
        >
          {t('weights.importNow')}
        </Button>
      </div>
    </div>
  )
}
