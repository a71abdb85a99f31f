import { useTranslation } from 'react-i18next'
import type { Output } from '../../api/client.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Failed } from '../../ui/states.tsx'
import css from './VideosPage.module.css'

/** What would be made and what would be left out, in a few lines. */
export function PlanNotes({
  plan,
  isIdle,
}: {
  plan: { data: Output<'videos.plan'> | undefined; error: unknown; refetch(): unknown }
  isIdle: boolean
}) {
  const { t } = useTranslation('videos')
  if (isIdle) return <p className={css.faint}>{t('plan.idle')}</p>
  if (plan.error) return <Failed error={plan.error} retry={() => void plan.refetch()} isInline />
  if (!plan.data) return null
  const { clips, skippedTracks, warnings } = plan.data
  const reasons = [...new Set(skippedTracks.map(({ reason }) => reason))]
  return (
    <div className={css.notes}>
      {clips.length === 0 && <Notice look="warning">{t('plan.none')}</Notice>}
      {warnings.map((text) => (
        <Notice key={text} look="warning">
          {text}
        </Notice>
      ))}
      {skippedTracks.length > 0 && (
        <Notice>
          {t('plan.skipped', { count: skippedTracks.length })}: {reasons.slice(0, 2).join(' ')}
        </Notice>
      )}
    </div>
  )
}
