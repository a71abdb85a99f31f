import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatExactTime, formatRelativeTime } from './format.ts'

/** A moment as "5 minutes ago", with the exact one on hover. `at` in ms since 1970. */
export function Moment({ at }: { at: number }) {
  const { t, i18n } = useTranslation()
  const now = useNow(30_000)
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExactTime(at, i18n.language)}>
      {formatRelativeTime(at, now, i18n.language, t('time.justNow'))}
    </time>
  )
}

/** The present moment, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
