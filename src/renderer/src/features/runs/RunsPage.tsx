import { Gauge } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../../shared/contract/runs.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { goTo } from '../../app/hashLocation.ts'
import { usePreferences } from '../../app/preferences.ts'
import { useWorkspaceRoot } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { Check } from '../../ui/Check.tsx'
import { ColumnMenu } from '../../ui/ColumnMenu.tsx'
import { DataTable, type Column } from '../../ui/DataTable.tsx'
import { formatCount } from '../../ui/format.ts'
import { Select, TextInput } from '../../ui/inputs.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/Status.tsx'
import { useRemovals } from '../../ui/toasts.ts'
import { ExportMenu } from './ExportMenu.tsx'
import { RunLabel, runLooks } from './runColumns.tsx'
import css from './RunsPage.module.css'
import { useScoreColumns } from './scoreColumns.tsx'

/** Every benchmark with its scores, to sort and to choose from. */
export function RunsPage() {
  const { t } = useTranslation('runs')
  const root = useWorkspaceRoot()
  const [isEverywhere, setEverywhere] = useState(false)
  const query = useEngineQuery('runs.list', isEverywhere || root === undefined ? {} : { workspace: root })
  const [text, setText] = useState('')
  const [map, setMap] = useState('')
  const removed = useRemovals(({ keys }) => keys)
  const present = useMemo(
    () => query.data?.filter(({ id }) => !removed.has(`run:${id}`)) ?? [],
    [query.data, removed],
  )
  const maps = useMemo(() => [...new Set(present.map((run) => run.map))].sort(), [present])
  const shown = useMemo(
    () =>
      present.filter(
        (run) =>
          (map === '' || run.map === map) && run.label.toLowerCase().includes(text.trim().toLowerCase()),
      ),
    [present, map, text],
  )
  const isOneMap = map !== '' || maps.length === 1
  const columns = useColumns(shown, isOneMap)
  const hidden = usePreferences(({ hiddenColumns }) => hiddenColumns)
  const showColumn = (id: string, isShown: boolean) =>
    usePreferences.setState(({ hiddenColumns }) => ({
      hiddenColumns: isShown ? hiddenColumns.filter((one) => one !== id) : [...hiddenColumns, id],
    }))
  return (
    <Page
      title={t('title')}
      about={query.data && <span>{t('list.about', { count: present.length })}</span>}
      actions={
        <>
          <ExportMenu
            runIds={shown.map(({ id }) => id)}
            disabledReason={shown.length === 0 ? t('list.exportNothing') : undefined}
          />
          <Button icon={Gauge} look="primary" onClick={() => goTo('/benchmark')}>
            {t('list.start')}
          </Button>
        </>
      }
      fill
    >
      <div className={css.filters}>
        <div className={css.text}>
          <TextInput
            value={text}
            onChange={setText}
            placeholder={t('list.filter')}
            aria-label={t('list.filter')}
          />
        </div>
        <div className={css.map}>
          <Select
            aria-label={t('list.map')}
            value={map}
            options={[
              { value: '', label: t('list.allMaps') },
              ...maps.map((one) => ({ value: one, label: one })),
            ]}
            onChange={setMap}
          />
        </div>
        <Check isOn={isEverywhere} onChange={setEverywhere}>
          {t('list.wholeEngine')}
        </Check>
        <div className={css.columns}>
          <ColumnMenu
            label={t('list.columns')}
            // The first one says which run a row is.
            columns={columns.slice(1).map(({ id, title }) => ({ id, title, isShown: !hidden.includes(id) }))}
            onChange={showColumn}
          />
        </div>
      </div>
      <Panel flush className={css.table}>
        <Answer query={query}>
          {(all) => (
            <DataTable
              label={t('title')}
              rows={shown}
              columns={columns.filter(({ id }) => !hidden.includes(id))}
              rowKey={({ id }) => id}
              initialSorting={{ column: 'when', order: 'descending' }}
              onSelect={({ id }) => goTo(`/runs/${id}`)}
              empty={
                <Empty
                  action={
                    all.length === 0 ? (
                      <Button icon={Gauge} onClick={() => goTo('/benchmark')}>
                        {t('list.start')}
                      </Button>
                    ) : undefined
                  }
                >
                  {all.length === 0 ? t('list.empty') : t('list.nothing')}
                </Empty>
              }
              fill
            />
          )}
        </Answer>
      </Panel>
    </Page>
  )
}

function useColumns(runs: readonly RunSummary[], isRanked: boolean): Column<RunSummary>[] {
  const { t } = useTranslation('runs')
  const scores = useScoreColumns(runs, isRanked)
  return useMemo(
    () => [
      {
        id: 'run',
        title: t('list.run'),
        sortBy: ({ label }) => label,
        cell: ({ label, status }) =>
          status === 'done' ? (
            <RunLabel label={label} />
          ) : (
            <Status look={runLooks[status]}>
              <RunLabel label={label} />
            </Status>
          ),
      },
      {
        id: 'map',
        title: t('list.map'),
        sortBy: ({ map }) => map,
        cell: ({ map }) => map,
      },
      {
        id: 'pairs',
        title: t('list.pairs'),
        isNumeric: true,
        sortBy: ({ pairs }) => pairs,
        cell: ({ pairs }) => formatCount(pairs),
      },
      {
        id: 'when',
        title: t('list.when'),
        firstOrder: 'descending',
        sortBy: ({ createdAt }) => createdAt,
        cell: ({ createdAt }) => <Moment at={createdAt} />,
      },
      ...scores,
      {
        id: 'protocol',
        title: t('list.protocol'),
        sortBy: ({ protocol }) => protocol,
        cell: ({ protocol }) => <code className={css.protocol}>{protocol}</code>,
      },
    ],
    [t, scores],
  )
}
