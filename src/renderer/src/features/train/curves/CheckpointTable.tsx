import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Checkpoint, CheckpointFolder, TrainingRun } from '../../../../../shared/contract/training.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { DataTable, type Column } from '../../../ui/DataTable.tsx'
import { formatBytes, formatCount } from '../../../ui/format.ts'
import { Moment } from '../../../ui/Moment.tsx'
import { Answer } from '../../../ui/states.tsx'
import { Status } from '../../../ui/Status.tsx'
import css from './curves.module.css'

/** Checkpoints of a run, newest first, and which of them the next save removes. */
export function CheckpointTable(props: { workspace: string; run: TrainingRun; refetchMs?: number }) {
  const { workspace, run, refetchMs } = props
  const { t } = useTranslation('train')
  const query = useEngineQuery(
    'training.checkpoints',
    { workspace, run: run.id },
    { refetchInterval: refetchMs ?? false, staleTime: 1000 },
  )
  return (
    <Answer query={query}>
      {(folders) => {
        const filled = folders.filter(
          ({ checkpoints, hasFinalModel }) => checkpoints.length > 0 || hasFinalModel,
        )
        if (filled.length === 0)
          return (
            <p className={css.noPoints}>
              {run.outputDirs.length === 0
                ? t('checkpoints.noFolder')
                : t('checkpoints.none', { folders: run.outputDirs.join(', ') })}
            </p>
          )
        return filled.map((folder) => <Folder key={folder.outputDir} folder={folder} />)
      }}
    </Answer>
  )
}

function Folder({ folder }: { folder: CheckpointFolder }) {
  const { t } = useTranslation('train')
  const { checkpoints, nextSaveStep, saveTotalLimit, hasFinalModel, isByEpoch } = folder
  const columns = useColumns(nextSaveStep)
  return (
    <>
      <DataTable
        label={t('checkpoints.title')}
        rows={[...checkpoints].sort((a, b) => b.step - a.step)}
        columns={columns}
        rowKey={({ path }) => path}
      />
      <p className={css.plotNote} title={folder.outputDir}>
        {[
          saveTotalLimit === null
            ? t('checkpoints.keepsAll')
            : t('checkpoints.keeps', { count: saveTotalLimit }),
          nextSaveStep === null ? undefined : t('checkpoints.next', { step: formatCount(nextSaveStep) }),
          hasFinalModel ? t('checkpoints.final') : undefined,
          isByEpoch ? t('checkpoints.byEpoch') : undefined,
        ]
          .filter((part) => part !== undefined)
          .join(' · ')}
      </p>
    </>
  )
}

function useColumns(nextSaveStep: number | null): Column<Checkpoint>[] {
  const { t } = useTranslation('train')
  return useMemo(
    () => [
      {
        id: 'step',
        title: t('checkpoints.step'),
        label: t('checkpoints.step'),
        cell: ({ step, path }) => <span title={path}>{formatCount(step)}</span>,
      },
      {
        id: 'size',
        title: t('checkpoints.size'),
        label: t('checkpoints.size'),
        isNumeric: true,
        cell: ({ bytes }) => formatBytes(bytes),
      },
      {
        id: 'when',
        title: t('checkpoints.when'),
        label: t('checkpoints.when'),
        cell: ({ modifiedAt }) => <Moment at={modifiedAt} />,
      },
      {
        id: 'state',
        title: t('checkpoints.state'),
        label: t('checkpoints.state'),
        cell: ({ willBeDeleted, isLatest, canResume, hasModel }) =>
          !hasModel ? (
            <Status look="warning">{t('checkpoints.incomplete')}</Status>
          ) : willBeDeleted ? (
            <Status look="warning">
              {nextSaveStep === null
                ? t('checkpoints.goes')
                : t('checkpoints.goesAt', { step: formatCount(nextSaveStep) })}
            </Status>
          ) : isLatest ? (
            <Status look="ok">{t('checkpoints.latest')}</Status>
          ) : canResume ? (
            t('checkpoints.kept')
          ) : (
            t('checkpoints.weightsOnly')
          ),
      },
    ],
    [t, nextSaveStep],
  )
}
