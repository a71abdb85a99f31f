import { AppWindow } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { goTo } from '../../app/hashLocation.ts'
import { useWorkspaceRoot } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { toast } from '../../ui/toasts.ts'
import { useBenchmarkForm } from '../benchmark/benchmarkForm.ts'
import { LaunchPlaceContext, useLaunch } from '../train/launch/launchStore.ts'
import { LaunchWorkbench } from '../train/launch/LaunchWorkbench.tsx'
import { SourceMenu } from '../train/launch/SourceMenu.tsx'
import { useCommandOfRoute } from '../train/launch/useCommandOfRoute.ts'
import { useVideoForm } from '../videos/videoForm.ts'
import { WorkspaceNeeded } from '../workspace/WorkspaceNeeded.tsx'
import { EvaluateTabs } from './EvaluateTabs.tsx'
import { benchmarkOfCommand, videosOfCommand } from './runInParallax.ts'

/** An evaluation, benchmark or video command as a form: recorded, pasted, or from a script. */
export function EvaluateCommandPage() {
  const { t } = useTranslation('evaluate')
  const root = useWorkspaceRoot()
  useCommandOfRoute()
  if (root === undefined) return <WorkspaceNeeded title={t('title')} />
  return (
    <LaunchPlaceContext value="evaluate">
      <Page title={t('title')} about={<EvaluateTabs />} actions={<SourceMenu />} fill>
        <LaunchWorkbench other={<RunInParallax />} />
      </Page>
    </LaunchPlaceContext>
  )
}

/** Opens the page that does the work of a benchmark or video script itself, filled in from the command. */
function RunInParallax() {
  const { t } = useTranslation('evaluate')
  const form = useLaunch((draft) => draft.form)
  const benchmark = benchmarkOfCommand(form)
  const videos = videosOfCommand(form)
  if (!benchmark && !videos) return null
  const perform = () => {
    if (benchmark) useBenchmarkForm.setState(benchmark.form)
    if (videos) useVideoForm.setState(videos.form)
    const left = benchmark?.left ?? videos?.left ?? []
    if (left.length > 0) toast({ look: 'plain', text: t('parallax.left', { flags: left.join(', ') }) })
    goTo(benchmark ? '/benchmark' : '/videos')
  }
  return (
    <Button icon={AppWindow} hint={t('parallax.hint')} onClick={perform}>
      {t('parallax.run')}
    </Button>
  )
}
