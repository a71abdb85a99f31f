import { Clapperboard } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineCommand, useEngineQuery } from '../../api/queries.ts'
import { goTo, useRouteQuery } from '../../app/hashLocation.ts'
import { useWorkspaceRoot } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { formatCount } from '../../ui/format.ts'
import { Page } from '../../ui/Page.tsx'
import { toast } from '../../ui/toasts.ts'
import { useSettled } from '../../ui/useSettled.ts'
import { WorkspaceNeeded } from '../workspace/WorkspaceNeeded.tsx'
import { ClipList } from './ClipList.tsx'
import { PlanNotes } from './PlanNotes.tsx'
import { VideoFormPanel } from './VideoFormPanel.tsx'
import { formForFolders, useVideoForm, videoRequestOf } from './videoForm.ts'
import css from './VideosPage.module.css'

/** Makes comparison videos, and plays those that were made. */
export function VideosPage() {
  const { t, i18n } = useTranslation('videos')
  const root = useWorkspaceRoot()
  const form = useVideoForm()
  useFoldersOfRoute()
  const request = useMemo(
    () => videoRequestOf(form, root ?? '', i18n.language === 'zh-CN' ? 'zh-CN' : 'en'),
    [form, root, i18n.language],
  )
  const settled = useSettled(request, 300)
  const plan = useEngineQuery('videos.plan', settled ?? { workspace: '', predictionDir: '' }, {
    enabled: settled !== undefined && root !== undefined,
  })
  const start = useEngineCommand('videos.start', {
    onSuccess: (job) => goTo(`/jobs/${job.id}`),
    onError: (error) => toast({ look: 'failed', text: error.message }),
  })
  if (root === undefined) return <WorkspaceNeeded title={t('title')} />
  const clips = plan.data?.clips ?? []
  const disabledReason =
    request === undefined
      ? t('disabled.folder')
      : plan.error
        ? t('disabled.fix')
        : plan.data === undefined || settled !== request
          ? t('disabled.plan')
          : clips.length === 0
            ? t('disabled.nothing')
            : undefined
  return (
    <Page title={t('title')} fill>
      <div className={css.columns}>
        <div className={css.form}>
          <VideoFormPanel />
          <div className={css.foot}>
            <PlanNotes plan={plan} isIdle={request === undefined} />
            <div className={css.footRow}>
              <span className={css.summary}>
                {clips.length > 0 &&
                  `${t('plan.clips', { count: clips.length })} · ${t('plan.frames', { frames: formatCount(clips.reduce((sum, { frames }) => sum + frames, 0)) })}`}
              </span>
              <Button
                icon={Clapperboard}
                look="primary"
                isBusy={start.isPending}
                disabledReason={disabledReason}
                onClick={() => request && start.mutate(request)}
              >
                {t('make')}
              </Button>
            </div>
          </div>
        </div>
        <ClipList />
      </div>
    </Page>
  )
}

/** Folders named in the address go into the form once. */
function useFoldersOfRoute(): void {
  const [query, change] = useRouteQuery()
  const prediction = query.get('prediction')
  const reference = query.get('reference') ?? undefined
  useEffect(() => {
    if (prediction === null) return
    useVideoForm.setState(formForFolders(prediction, reference))
    change({ prediction: undefined, reference: undefined })
  })
}
