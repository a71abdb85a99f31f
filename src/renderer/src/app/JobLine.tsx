import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Job } from '../../../shared/contract/jobs.ts'
import { engine } from '../api/connection.ts'
import { useSentence } from '../i18n/sentences/index.ts'
import { IconButton } from '../ui/Button.tsx'
import { formatBytes, formatCount, formatDuration, formatRate } from '../ui/format.ts'
import { ProgressBar } from '../ui/ProgressBar.tsx'
import css from './JobLine.module.css'
import { liveJobs, useJobs } from './jobs.ts'

/** The line at the foot of the window: the job under way, how far, how fast, how long. */
export function JobLine() {
  const { t } = useTranslation()
  const jobs = useJobs((state) => state.jobs)
  const [first, ...others] = liveJobs(jobs)
  return (
    <footer className={css.line} aria-label={t('jobLine.label')}>
      {first ? <LiveJob job={first} /> : <span className={css.idle}>{t('jobLine.idle')}</span>}
      {others.length > 0 && (
        <Link href="/jobs" className={css.more}>
          {t('jobLine.more', { count: others.length })}
        </Link>
      )}
    </footer>
  )
}

function LiveJob({ job }: { job: Job }) {
  const { t } = useTranslation()
  const title = useSentence()(job.title)
  const { progress } = job
  const share = progress && progress.total > 0 ? progress.done / progress.total : undefined
  return (
    <>
      <Link href={`/jobs/${job.id}`} className={css.title} title={title}>
        {title}
      </Link>
      {job.status === 'queued' ? (
        <span className={css.fact}>{t('jobLine.queued')}</span>
      ) : (
        <>
          <ProgressBar className={css.bar} value={share} label={title} />
          {progress && <ProgressFacts progress={progress} className={css.fact} />}
        </>
      )}
      <IconButton
        icon={X}
        size={13}
        label={t('jobLine.cancel')}
        className={css.cancel}
        onClick={() => void engine().call('jobs.cancel', { jobId: job.id })}
      />
    </>
  )
}

/** Stage, count, rate and time left of a job, each in its own span. */
export function ProgressFacts({
  progress,
  className,
}: {
  progress: NonNullable<Job['progress']>
  className?: string
}) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { stage, done, total, unit, ratePerSecond, secondsLeft } = progress
  const units: Record<string, string> = t('units', { returnObjects: true })
  const isBytes = unit === 'bytes'
  const amount = isBytes ? formatBytes : formatCount
  const facts = [
    sentence(stage),
    total > 0 ? t('progress.of', { done: amount(done), total: amount(total) }) : undefined,
    ratePerSecond === undefined
      ? undefined
      : isBytes
        ? t('progress.byteRate', { rate: formatBytes(ratePerSecond) })
        : t('progress.rate', { rate: formatRate(ratePerSecond), unit: units[unit] ?? unit }),
    secondsLeft === undefined ? undefined : t('progress.left', { time: formatDuration(secondsLeft) }),
  ]
  return facts.filter(Boolean).map((fact, index) => (
    <span key={index} className={className}>
      {fact}
    </span>
  ))
}
