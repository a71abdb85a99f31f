import { RotateCw } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrainingRun } from '../../../../shared/contract/training.ts'
import { invalidate, useEngineCommand, useEngineQuery } from '../../api/queries.ts'
import { useRouteQuery } from '../../app/hashLocation.ts'
import { useWorkspaceRoot } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { formatBytes, formatCount, formatDuration } from '../../ui/format.ts'
import { Page } from '../../ui/Page.tsx'
import { ProgressBar } from '../../ui/ProgressBar.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.ts'
import { WorkspaceNeeded } from '../workspace/WorkspaceNeeded.tsx'
import css from './curves/curves.module.css'
import { RunCurves } from './curves/RunCurves.tsx'
import { RunList } from './curves/RunList.tsx'
import { TrainTabs } from './TrainTabs.tsx'

const namesOf = (text: string) => text.split('|').filter((name) => name !== '')

/** Curves of every run whose log lies in the workspace, old ones included. */
export function CurvesPage() {
  const { t } = useTranslation('train')
  const root = useWorkspaceRoot()
  const [query, change] = useRouteQuery()
  const scan = useScan(root)
  const runs = useEngineQuery(
    'training.runs',
    { workspace: root ?? '' },
    // Runs appear one after the other while the logs are read.
    { enabled: root !== undefined, refetchInterval: scan.isPending ? 1500 : false },
  )
  const address = query.get('run') ?? ''
  const chosen = useMemo(
    () => namesOf(address).flatMap((id) => runs.data?.find((run) => run.id === id) ?? []),
    [address, runs.data],
  )
  const shown = chosen.length > 0 ? chosen : (runs.data?.filter(hasCurves).slice(0, 1) ?? [])
  if (root === undefined) return <WorkspaceNeeded title={t('title')} />
  const toggle = (run: TrainingRun, isOnly: boolean) => {
    const ids = shown.map(({ id }) => id)
    const next = isOnly
      ? [run.id]
      : ids.includes(run.id)
        ? ids.filter((id) => id !== run.id)
        : [...ids, run.id]
    change({ run: next.slice(-7).join('|') })
  }
  return (
    <Page
      title={t('title')}
      about={<TrainTabs />}
      actions={
        <>
          {scan.isPending ? (
            <span className={css.scanning} role="status">
              <ProgressBar value={undefined} label={t('scan.reading')} className={css.scanBar} />
              {t('scan.progress', { count: runs.data?.length ?? 0 })}
            </span>
          ) : (
            scan.data && (
              <span className={css.faint}>
                {t('scan.done', {
                  files: formatCount(scan.data.files),
                  bytes: formatBytes(scan.data.readBytes),
                  time: formatDuration(scan.data.seconds),
                })}
              </span>
            )
          )}
          <Button icon={RotateCw} isBusy={scan.isPending} onClick={scan.again}>
            {t('scan.again')}
          </Button>
        </>
      }
      fill
    >
      <Answer query={runs}>
        {(all) =>
          all.length === 0 && !scan.isPending ? (
            <Empty note={t('curves.emptyNote')}>{t('curves.empty')}</Empty>
          ) : (
            <div className={css.columns}>
              <RunList runs={all} chosen={shown} onToggle={toggle} />
              {shown.length > 0 && (
                <RunCurves key={shown.map(({ id }) => id).join('|')} workspace={root} runs={shown} />
              )}
            </div>
          )
        }
      </Answer>
    </Page>
  )
}

const hasCurves = (run: TrainingRun) => run.keys.length > 0

/** Reads what is new in the logs when the page is opened, and again when asked. */
function useScan(root: string | undefined) {
  const [problems, setProblems] = useState(0)
  const { t } = useTranslation('train')
  const { mutate, isPending, data } = useEngineCommand('logs.index', {
    onSuccess: (scan) => {
      invalidate('training.runs')
      if (scan.problems.length > problems)
        toast({
          look: 'failed',
          text: t('scan.problems', { count: scan.problems.length, first: scan.problems[0].message }),
          lastsMs: 8000,
        })
      setProblems(scan.problems.length)
    },
  })
  useEffect(() => {
    if (root !== undefined) mutate({ workspace: root })
  }, [root, mutate])
  return { isPending, data, again: () => root !== undefined && mutate({ workspace: root }) }
}
