import { SegmentedControl } from '@mantine/core'
import { FolderSearch } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCapabilities } from '../../api/connection.ts'
import { pickFolder } from '../../app/pickFolder.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { TextInput } from '../../ui/inputs.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Empty, Skeleton } from '../../ui/states.tsx'
import { isOpen, type EvaluationRun } from '../workspace/runState.ts'
import { targetsOf, useBenchmarkForm } from './benchmarkForm.ts'
import css from './BenchmarkPage.module.css'
import { RunMatrix } from './RunMatrix.tsx'

/** So many runs are seen at a glance; of more, a person looks for some by name. */
const mostAtAGlance = 12

/** What is measured: a matrix of evaluation runs and maps, or two folders. */
export function SourcePanel({ runs, isLoading }: { runs: readonly EvaluationRun[]; isLoading: boolean }) {
  const { t } = useTranslation('benchmark')
  const { source, targets } = useBenchmarkForm()
  const isRuns = source === 'runs'
  const [text, setText] = useState('')
  const hasFilter = isRuns && runs.length > mostAtAGlance
  const fitting = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    return hasFilter && wanted !== ''
      ? runs.filter(({ experiment, timestamp }) =>
          `${experiment} ${timestamp}`.toLowerCase().includes(wanted),
        )
      : runs
  }, [runs, text, hasFilter])
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
            {hasFilter && (
              <div className={css.filter}>
                <TextInput
                  value={text}
                  onChange={setText}
                  placeholder={t('choose.filter')}
                  aria-label={t('choose.filter')}
                />
              </div>
            )}
            <Button
              look="quiet"
              size="small"
              onClick={() =>
                useBenchmarkForm.setState({ targets: new Set(targetsOf(fitting.filter(isOpen))) })
              }
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
        <RunMatrix runs={fitting} />
      )}
    </Panel>
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
