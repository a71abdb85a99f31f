import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RunSummary } from '../../../../shared/contract/runs.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { goTo } from '../../app/hashLocation.ts'
import { DataTable, type Column } from '../../ui/DataTable.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { useRemovals } from '../../ui/toasts.ts'
import { RunLabel } from '../runs/runColumns.tsx'
import { useScoreColumns } from '../runs/scoreColumns.tsx'
import css from './WorkspacePage.module.css'

const mostShown = 40

/** The newest benchmarks of the workspace with their scores. */
export function LatestResults({ root }: { root: string }) {
  const { t } = useTranslation('workspace')
  const query = useEngineQuery('runs.list', { workspace: root })
  return (
    <Panel
      title={t('latest.title')}
      actions={<Link href="/runs">{t('latest.all')}</Link>}
      flush
      className={css.latest}
    >
      <Answer query={query}>{(runs) => <Table runs={runs} />}</Answer>
    </Panel>
  )
}

function Table({ runs }: { runs: readonly RunSummary[] }) {
  const { t } = useTranslation('workspace')
  const removed = useRemovals(({ keys }) => keys)
  const newest = useMemo(() => {
    const seen = new Set<string>()
    return (
      runs
        .filter(({ id, status }) => status === 'done' && !removed.has(`run:${id}`))
        .sort((a, b) => b.createdAt - a.createdAt)
        // Measured again with another recipe: the newest stands for it, the others are on the Runs page.
        .filter(({ label, map }) => {
          const key = JSON.stringify([label, map])
          return !seen.has(key) && seen.add(key)
        })
        .slice(0, mostShown)
    )
  }, [runs, removed])
  const scores = useScoreColumns(newest, false)
  const columns: Column<RunSummary>[] = [
    {
      id: 'run',
      title: t('runs.experiment'),
      sortBy: ({ label }) => label,
      cell: ({ label }) => <RunLabel label={label} />,
    },
    {
      id: 'map',
      title: t('maps.map'),
      sortBy: ({ map }) => map,
      cell: ({ map }) => map,
    },
    ...scores,
    {
      id: 'protocol',
      title: t('latest.protocol'),
      cell: ({ protocol }) => <code>{protocol}</code>,
    },
  ]
  return (
    <DataTable
      label={t('latest.title')}
      rows={newest}
      columns={columns}
      rowKey={({ id }) => id}
      onSelect={({ id }) => goTo(`/runs/${id}`)}
      empty={<Empty>{t('latest.empty')}</Empty>}
      fill
    />
  )
}
