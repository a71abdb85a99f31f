import { Columns2, Gauge } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../../../shared/contract/runs.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { goTo, useHashSearch } from '../../app/hashLocation.ts'
import { Button } from '../../ui/Button.tsx'
import { Check } from '../../ui/Check.tsx'
import { DataTable, type Column } from '../../ui/DataTable.tsx'
import { TextInput } from '../../ui/inputs.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { useScoreColumns } from '../runs/scoreColumns.tsx'
import { formatAddress, parseChosen } from './address.ts'
import { ChooseClips } from './ChooseClips.tsx'
import css from './ComparePage.module.css'

const mostRuns = 3
const mostClips = 4

/** The choice of up to three runs of one map, and of videos beside them or alone. */
export function ChooseSources() {
  const { t } = useTranslation('compare')
  const { t: tRuns } = useTranslation('runs')
  const query = useEngineQuery('runs.list', {})
  const before = parseChosen(new URLSearchParams(useHashSearch()))
  const [chosen, setChosen] = useState<readonly string[]>(before.runIds.slice(0, mostRuns))
  const [clips, setClips] = useState<readonly string[]>(before.clips.slice(0, mostClips))
  const [text, setText] = useState('')
  const runs = useMemo(
    () =>
      (query.data ?? []).filter(
        ({ pairs, label, map }) =>
          pairs > 0 && `${label} ${map}`.toLowerCase().includes(text.trim().toLowerCase()),
      ),
    [query.data, text],
  )
  const first = query.data?.find(({ id }) => chosen.includes(id))
  const refusal = (run: RunSummary) => {
    if (chosen.includes(run.id) || !first) return undefined
    if (run.referenceDir !== first.referenceDir) return t('open.otherMap', { map: first.map })
    return chosen.length >= mostRuns ? t('open.full') : undefined
  }
  const toggle = (run: RunSummary) => {
    if (refusal(run) === undefined)
      setChosen((old) => (old.includes(run.id) ? old.filter((id) => id !== run.id) : [...old, run.id]))
  }
  const scores = useScoreColumns(runs, first !== undefined)
  const columns: Column<RunSummary>[] = [
    {
      id: 'chosen',
      title: '',

      width: 36,
      cell: (run) => (
        <Check
          isOn={chosen.includes(run.id)}
          onChange={() => toggle(run)}
          label={run.label}
          isDisabled={refusal(run) !== undefined}
          title={refusal(run)}
        />
      ),
    },
    {
      id: 'run',
      title: tRuns('list.run'),
      sortBy: ({ label }) => label,
      cell: ({ label }) => <span translate="no">{label}</span>,
    },
    { id: 'map', title: tRuns('list.map'), sortBy: ({ map }) => map, cell: ({ map }) => map },
    ...scores,
    {
      id: 'when',
      title: tRuns('list.when'),
      firstOrder: 'descending',
      sortBy: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Moment at={createdAt} />,
    },
  ]
  const open = () => goTo(formatAddress({ runIds: [...chosen], clips: [...clips] }))
  const toggleClip = (path: string) =>
    setClips((old) =>
      old.includes(path) ? old.filter((one) => one !== path) : [...old, path].slice(-mostClips),
    )
  return (
    <Page
      title={t('title')}
      about={<span>{t('open.about')}</span>}
      actions={
        <Button
          look="primary"
          icon={Columns2}
          disabledReason={chosen.length + clips.length === 0 ? t('open.pick') : undefined}
          onClick={open}
        >
          {clips.length > 0
            ? t('open.chooseSources', { count: chosen.length + clips.length })
            : chosen.length < 2
              ? t('open.chooseOne')
              : t('open.choose', { count: chosen.length })}
        </Button>
      }
      fill
    >
      <div className={css.filter}>
        <TextInput
          value={text}
          onChange={setText}
          placeholder={t('open.filter')}
          aria-label={t('open.filter')}
        />
      </div>
      <Panel flush className={css.table}>
        <Answer query={query}>
          {() => (
            <DataTable
              label={t('title')}
              rows={runs}
              columns={columns}
              rowKey={({ id }) => id}
              initialSorting={{ column: 'when', order: 'descending' }}
              onOpen={(run) => goTo(`/compare?runs=${chosen.includes(run.id) ? chosen.join(',') : run.id}`)}
              empty={
                <Empty
                  action={
                    <Button icon={Gauge} onClick={() => goTo('/benchmark')}>
                      {t('open.start')}
                    </Button>
                  }
                >
                  {t('open.empty')}
                </Empty>
              }
              fill
            />
          )}
        </Answer>
      </Panel>
      <ChooseClips chosen={clips} onToggle={toggleClip} filter={text} />
    </Page>
  )
}
