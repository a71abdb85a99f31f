import { useTranslation } from 'react-i18next'
import type { Output } from '../../api/client.ts'
import { formatCount } from '../../ui/format.ts'
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
  const shortTracks = skippedTracks.filter(({ cause }) => cause === 'short-track')
  const shortPieces = skippedTracks.filter(({ cause }) => cause === 'short-piece')
  const longest = skippedTracks.reduce((most, { frames }) => Math.max(most, frames), 0)
  return (
    <div className={css.notes}>
      {clips.length === 0 && (
        <Notice look="warning">
          {t('plan.none')} {longest > 0 && t('plan.longest', { frames: formatCount(longest) })}
        </Notice>
      )}
      {warnings.map((text) => (
        <Notice key={text} look="warning">
          {text}
        </Notice>
      ))}
      {shortTracks.length > 0 && (
        <Notice>
          {t('plan.tracks', { count: shortTracks.length, fewest: shortTracks[0].fewestFrames })}
        </Notice>
      )}
      {shortPieces.length > 0 && (
        <Notice>
          {t('plan.pieces', { count: shortPieces.length, fewest: shortPieces[0].fewestFrames })}
        </Notice>
      )}
    </div>
  )
}
