import { SegmentedControl } from '@mantine/core'
import { Check as CheckMark, FolderSearch } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCapabilities } from '../../api/connection.ts'
import { pickFolder } from '../../app/pickFolder.ts'
import { Button } from '../../ui/Button.tsx'
import { Check } from '../../ui/Check.tsx'
import { Field } from '../../ui/Field.tsx'
import { formatCount } from '../../ui/format.ts'
import { TextInput } from '../../ui/inputs.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Empty, Skeleton } from '../../ui/states.tsx'
import { isOpen, newestFirst, type EvaluationRun } from '../workspace/runState.ts'
import { targetKey, targetsOf, useBenchmarkForm } from './benchmarkForm.ts'
import css from './BenchmarkPage.module.css'

/** What is measured: a matrix of evaluation runs and maps, or two folders. */
export function SourcePanel({ runs, isLoading }: { runs: readonly EvaluationRun[]; isLoading: boolean }) {
  const { t } = useTranslation('benchmark')
  const { source, targets } = useBenchmarkForm()
  const isRuns = source === 'runs'
  // Targets of another workspace stay in the form, out of sight.
  const chosenCount = useMemo(() => targetsOf(runs).filter((key) => targets.has(key)).length, [runs, targets])
  return (
    <Panel
      title={
        <SegmentedControl
          aria-label={t('source.label')}
          value={source}
          onChange={(value) =>
            useBenchmarkForm.setState({ source: value === 'folders' ? 'folders' : 'runs' })
          }
          data={[
            { value: 'runs', label: t('source.runs') },
            { value: 'folders', label: t('source.folders') },
          ]}
        />
      }
      note={
        isRuns ? (chosenCount === 0 ? t('choose.none') : t('choose.note', { count: chosenCount })) : undefined
      }
      actions={
        isRuns && (
          <>
            <Button
              look="quiet"
              size="small"
              onClick={() => useBenchmarkForm.setState({ targets: new Set(targetsOf(runs.filter(isOpen))) })}
            >
              {t('choose.onlyNew')}
            </Button>
            <Button
              look="quiet"
              size="small"
              onClick={() => useBenchmarkForm.setState({ targets: new Set() })}
            >
              {t('choose.clear')}
            </Button>
          </>
        )
      }
      flush
    >
      {!isRuns ? (
        <Folders />
      ) : isLoading ? (
        <Skeleton />
      ) : runs.length === 0 ? (
        <Empty>{t('choose.empty')}</Empty>
      ) : (
        <Matrix runs={runs} />
      )}
    </Panel>
  )
}

function Matrix({ runs }: { runs: readonly EvaluationRun[] }) {
  const { t } = useTranslation('benchmark')
  const { targets } = useBenchmarkForm()
  const sorted = useMemo(() => newestFirst(runs), [runs])
  const maps = useMemo(
    () => [...new Set(runs.flatMap((run) => run.maps.map(({ map }) => map)))].sort(),
    [runs],
  )
  const set = (keys: readonly string[], isOn: boolean) =>
    useBenchmarkForm.setState(({ targets: old }) => {
      const next = new Set(old)
      for (const key of keys) {
        if (isOn) next.add(key)
        else next.delete(key)
      }
      return { targets: next }
    })
  const group = (keys: readonly string[], label: string, words: ReactNode) => {
    const count = keys.filter((key) => targets.has(key)).length
    return (
      <Check
        isOn={count > 0 && count === keys.length}
        isMixed={count > 0 && count < keys.length}
        isDisabled={keys.length === 0}
        label={label}
        onChange={(isOn) => set(keys, isOn)}
      >
        {words}
      </Check>
    )
  }
  return (
    <div className={css.matrixScroller}>
      <table className={css.matrix}>
        <thead>
          <tr>
            <th scope="col">{group(targetsOf(runs), t('choose.all'), t('choose.run'))}</th>
            {maps.map((map) => (
              <th key={map} scope="col">
                {group(
                  targetsOf(runs.map((run) => ({ ...run, maps: run.maps.filter((one) => one.map === map) }))),
                  t('choose.allRuns', { map }),
                  map === '' ? '–' : map,
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((run) => (
            <tr key={run.path}>
              <th scope="row">
                {group(
                  targetsOf([run]),
                  t('choose.allMaps', { run: run.experiment }),
                  <span translate="no">
                    {run.experiment}
                    <small>{run.timestamp}</small>
                  </span>,
                )}
              </th>
              {maps.map((map) => (
                <td key={map}>
                  <Cell
                    run={run}
                    map={map}
                    isOn={targets.has(targetKey(run.path, map))}
                    onChange={(isOn) => set([targetKey(run.path, map)], isOn)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({
  run,
  map,
  isOn,
  onChange,
}: {
  run: EvaluationRun
  map: string
  isOn: boolean
  onChange(isOn: boolean): void
}) {
  const { t } = useTranslation('benchmark')
  const found = run.maps.find((one) => one.map === map)
  if (!found) return null
  const hasTruth = found.referenceDir !== undefined
  return (
    <Check
      isOn={isOn}
      isDisabled={!hasTruth}
      title={hasTruth ? (found.benchmarked > 0 ? t('choose.benchmarked') : undefined) : t('choose.noTruth')}
      label={t('choose.cell', { run: run.experiment, map, frames: found.frames })}
      onChange={onChange}
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

function Folders() {
  const { t } = useTranslation('benchmark')
  const { reference, prediction } = useBenchmarkForm()
  const capabilities = useCapabilities()
  const browse = async (field: 'reference' | 'prediction') => {
    const path = await pickFolder(capabilities, t(`folders.${field}`))
    if (path !== undefined) useBenchmarkForm.setState({ [field]: path })
  }
  const row = (field: 'reference' | 'prediction', value: string, example: string) => (
    <div className={css.folderRow}>
      <Field label={t(`folders.${field}`)}>
        <TextInput
          value={value}
          placeholder={example}
          onChange={(path) => useBenchmarkForm.setState({ [field]: path })}
          isMono
        />
      </Field>
      <Button icon={FolderSearch} onClick={() => void browse(field)}>
        {t('folders.browse')}
      </Button>
    </div>
  )
  return (
    <div className={css.folders}>
      {row('reference', reference, 'data/preprocessed_data/{map}/imgs')}
      {row('prediction', prediction, 'outputs_eval/exp5_gen/test_20260205_134439/gen_imgs/{map}')}
      <p className={css.note}>{t('folders.hint')}</p>
    </div>
  )
}
