import { Bug, FileCode2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { debugCopy } from '../../../../shared/domain/launch/debugCopy.ts'
import { useCommandList, type Command } from '../../app/commands.ts'
import { useWorkspaceRoot } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { WorkspaceNeeded } from '../workspace/WorkspaceNeeded.tsx'
import { useLaunchActions } from './launch/launchStore.ts'
import { LaunchWorkbench } from './launch/LaunchWorkbench.tsx'
import { SlurmDialog } from './launch/SlurmDialog.tsx'
import { SourceMenu } from './launch/SourceMenu.tsx'
import { useCommandOfRoute } from './launch/useCommandOfRoute.ts'
import { TrainTabs } from './TrainTabs.tsx'

/** Prepares a launch: the form, what deserves a look, the exact command, the start. */
export function LaunchPage() {
  const { t } = useTranslation('train')
  const root = useWorkspaceRoot()
  const { edit } = useLaunchActions()
  const [isSlurm, setSlurm] = useState(false)
  useCommandOfRoute()
  const commands = useMemo(
    (): Command[] => [
      {
        id: 'train.debugCopy',
        title: t('debugCopy'),
        icon: Bug,
        scope: 'page',
        perform: () => edit(debugCopy),
      },
    ],
    [t, edit],
  )
  useCommandList('train.page', commands)
  if (root === undefined) return <WorkspaceNeeded title={t('title')} />
  return (
    <Page
      title={t('title')}
      about={<TrainTabs />}
      actions={
        <>
          <Button icon={Bug} hint={t('debugCopyHint')} onClick={() => edit(debugCopy)}>
            {t('debugCopy')}
          </Button>
          <Button icon={FileCode2} onClick={() => setSlurm(true)}>
            Slurm
          </Button>
          <SourceMenu />
        </>
      }
      fill
    >
      <LaunchWorkbench />
      <SlurmDialog isOpen={isSlurm} onClose={() => setSlurm(false)} />
    </Page>
  )
}
