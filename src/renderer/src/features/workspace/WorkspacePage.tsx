import { FolderOpen, Gauge, RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { WorkspaceReport } from '../../../../shared/contract/workspaces.ts'
import { useChooseWorkspace } from '../../app/useChooseWorkspace.ts'
import { goTo } from '../../app/hashLocation.ts'
import { useWorkspace } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { Page } from '../../ui/Page.tsx'
import { PathText } from '../../ui/PathText.tsx'
import { Failed, Skeleton } from '../../ui/states.tsx'
import { routeToBenchmark } from '../benchmark/routeToBenchmark.ts'
import { EvaluationRuns } from './EvaluationRuns.tsx'
import { LatestResults } from './LatestResults.tsx'
import { isOpen } from './runState.ts'
import { SidePanels } from './SidePanels.tsx'
import { StartView } from './StartView.tsx'
import css from './WorkspacePage.module.css'

/** What is in the folder, what is new, what is missing. Without a folder: how to open one. */
export function WorkspacePage() {
  const { t } = useTranslation('workspace')
  const { root, data, error, isFetching, refetch } = useWorkspace()
  const chooseWorkspace = useChooseWorkspace()
  if (root === undefined) return <StartView />
  const open = data?.evaluationRuns.filter(isOpen) ?? []
  return (
    <Page
      title={data?.name ?? t('title')}
      about={
        <>
          <PathText path={root} longest={70} />
          {data && (
            <span className={css.scanned}>
              {t('scanned')} <Moment at={data.openedAt} />
            </span>
          )}
        </>
      }
      actions={
        <>
          <Button icon={RotateCw} isBusy={isFetching} onClick={() => void refetch()}>
            {t('rescan')}
          </Button>
          <Button icon={FolderOpen} onClick={chooseWorkspace}>
            {t('openOther')}
          </Button>
          {open.length > 0 && (
            <Button
              icon={Gauge}
              look="primary"
              onClick={() => goTo(routeToBenchmark(open.map(({ path }) => path)))}
            >
              {t('runs.benchmarkNew', { count: open.length })}
            </Button>
          )}
        </>
      }
      fill
    >
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : data ? (
        <Report report={data} />
      ) : (
        <Loading />
      )}
    </Page>
  )
}

function Report({ report }: { report: WorkspaceReport }) {
  return (
    <div className={css.columns}>
      <div className={css.main}>
        <EvaluationRuns runs={report.evaluationRuns} />
        <LatestResults root={report.root} />
      </div>
      <SidePanels report={report} />
    </div>
  )
}

function Loading() {
  return (
    <div className={css.columns}>
      <div className={css.placeholder}>
        <Skeleton lines={12} />
      </div>
      <div className={css.placeholder}>
        <Skeleton lines={7} />
      </div>
    </div>
  )
}
