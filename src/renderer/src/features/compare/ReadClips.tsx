import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { engine } from '../../api/connection.ts'
import { useJobs } from '../../app/jobs.ts'
import { Button } from '../../ui/Button.tsx'
import { formatCount } from '../../ui/format.ts'
import { ProgressBar } from '../../ui/ProgressBar.tsx'
import { Failed, Skeleton } from '../../ui/states.tsx'
import css from './ComparePage.module.css'

/** Shows its children once the frames of the clips are known; until then, how far decoding is. */
export function ReadClips({ clips, children }: { clips: readonly string[]; children: ReactNode }) {
  const { t } = useTranslation('compare')
  const [ids, setIds] = useState<readonly string[]>()
  const [error, setError] = useState<unknown>()
  const jobs = useJobs((state) => state.jobs)
  useEffect(() => {
    if (clips.length === 0) return
    let isCurrent = true
    engine()
      .call('compare.readClips', { clips: [...clips] })
      .then((started) => isCurrent && setIds(started.map(({ id }) => id)))
      .catch((reason: unknown) => isCurrent && setError(reason))
    return () => {
      isCurrent = false
    }
  }, [clips])
  if (clips.length === 0) return children
  if (error !== undefined) return <Failed error={error} />
  if (!ids) return <Skeleton lines={12} height="100%" />
  const waiting = ids.map((id) => jobs.get(id)).filter((job) => job?.status !== 'done')
  if (waiting.length === 0) return children
  const failed = waiting.find((job) => job?.error)
  if (failed?.error) return <Failed error={failed.error.message} />
  return (
    <div className={css.reading} role="status">
      {waiting.map((job, at) => (
        <div key={job?.id ?? at}>
          <strong translate="no">{job?.title}</strong>
          <ProgressBar
            label={t('reading.about')}
            value={job?.progress ? job.progress.done / Math.max(1, job.progress.total) : undefined}
          />
          <span>
            {job?.progress && `${formatCount(job.progress.done)} / ${formatCount(job.progress.total)}`}
          </span>
          {job && (
            <Button
              size="small"
              look="quiet"
              onClick={() => void engine().call('jobs.cancel', { jobId: job.id })}
            >
              {t('reading.cancel')}
            </Button>
          )}
        </div>
      ))}
      <p>{t('reading.about')}</p>
    </div>
  )
}
