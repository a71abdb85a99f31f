import { Check as CheckMark } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Check } from '../../ui/Check.tsx'
import { DataTable, type Column } from '../../ui/DataTable.tsx'
import { formatCount } from '../../ui/format.ts'
import { Empty } from '../../ui/states.tsx'
import { newestFirst, type EvaluationRun } from '../workspace/runState.ts'
import { targetKey, targetsOf, useBenchmarkForm } from './benchmarkForm.ts'
import css from './BenchmarkPage.module.css'

const setTargets = (keys: readonly string[], isOn: boolean) =>
  useBenchmarkForm.setState(({ targets }) => {
    const next = new Set(targets)
    for (const key of keys) {
      if (isOn) next.add(key)
      else next.delete(key)
    }
    return { targets: next }
  })

/** Evaluation runs by maps, each to be ticked alone, by row, by column or all at once. */
export function RunMatrix({ runs }: { runs: readonly EvaluationRun[] }) {
  const { t } = useTranslation('benchmark')
  const sorted = useMemo(() => newestFirst(runs), [runs])
  const columns = useColumns(runs)
  return (
    <div className={css.matrix} style={{ ['--rows' as string]: Math.max(1, sorted.length) }}>
      <DataTable
        label={t('choose.title')}
        rows={sorted}
        columns={columns}
        rowKey={({ path }) => path}
        empty={<Empty>{t('choose.nothing')}</Empty>}
        fill
      />
    </div>
  )
}

function useColumns(runs: readonly EvaluationRun[]): Column<EvaluationRun>[] {
  const { t } = useTranslation('benchmark')
  const all = useMemo(() => targetsOf(runs), [runs])
  const maps = useMemo(
    () =>
      [...new Set(runs.flatMap((run) => run.maps.map(({ map }) => map)))].sort().map((map) => ({
        map,
        keys: targetsOf(runs.map((run) => ({ ...run, maps: run.maps.filter((one) => one.map === map) }))),
      })),
    [runs],
  )
  return [
    {
      id: 'run',
      title: (
        <Several keys={all} label={t('choose.all')}>
          {t('choose.run')}
        </Several>
      ),
      width: '100%',
      cell: (run) => (
        <Several keys={targetsOf([run])} label={t('choose.allMaps', { run: run.experiment })}>
          <span className={css.run} translate="no" title={run.path}>
            {run.experiment}
            <small>{run.timestamp}</small>
          </span>
        </Several>
      ),
    },
    ...maps.map(({ map, keys }): Column<EvaluationRun> => ({
      id: `map ${map}`,
      title: (
        <Several keys={keys} label={t('choose.allRuns', { map })}>
          <span className={css.map} translate="no" title={map}>
            {map === '' ? '–' : map}
          </span>
        </Several>
      ),
      cell: (run) => <Target run={run} map={map} />,
    })),
  ]
}

/** A tick box that stands for several targets. */
function Several({ keys, label, children }: { keys: readonly string[]; label: string; children: ReactNode }) {
  const { targets } = useBenchmarkForm()
  const count = keys.filter((key) => targets.has(key)).length
  return (
    <Check
      isOn={count > 0 && count === keys.length}
      isMixed={count > 0 && count < keys.length}
      isDisabled={keys.length === 0}
      label={label}
      onChange={(isOn) => setTargets(keys, isOn)}
    >
      {children}
    </Check>
  )
}

function Target({ run, map }: { run: EvaluationRun; map: string }) {
  const { t } = useTranslation('benchmark')
  const key = targetKey(run.path, map)
  const isOn = useBenchmarkForm(({ targets }) => targets.has(key))
  const found = run.maps.find((one) => one.map === map)
  if (!found) return null
  const hasTruth = found.referenceDir !== undefined
  return (
    <Check
      isOn={isOn}
      isDisabled={!hasTruth}
      title={hasTruth ? (found.benchmarked > 0 ? t('choose.benchmarked') : undefined) : t('choose.noTruth')}
      label={t('choose.cell', { run: run.experiment, map, frames: found.frames })}
      onChange={(wanted) => setTargets([key], wanted)}
    >
      <span className={found.benchmarked > 0 ? css.done : undefined}>
        {formatCount(found.frames)}
        {found.benchmarked > 0 && (
          <CheckMark size={11} strokeWidth={2.5} aria-label={t('choose.benchmarked')} />
        )}
      </span>
    </Check>
  )
}
