import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ExperimentDetail } from '../../../../../shared/contract/experiments.ts'
import { metricInfo } from '../../../../../shared/domain/metricCatalog.ts'
import { isFolderOf } from '../../../../../shared/domain/experimentFolders.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { formatCount, formatNumber } from '../../../ui/format.ts'
import { Moment } from '../../../ui/Moment.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { ScoreCell } from '../../../ui/ScoreCell.tsx'
import { Answer } from '../../../ui/states.tsx'
import { CheckpointTable } from '../../train/curves/CheckpointTable.tsx'
import { mainKeys } from '../../train/curves/keys.ts'
import { SeriesPanel } from '../../train/curves/SeriesPanel.tsx'
import { worstPairLink } from '../../runs/scoreColumns.tsx'
import css from '../experiments.module.css'

const shownMetrics = ['FID', 'LPIPS', 'PSNR', 'SSIM', 'MS_SSIM', 'CLIP']

/** What came out of an experiment: benchmarks, training curves and checkpoints, and the values noted in the log. */
export function ResultsTab({ detail, root }: { detail: ExperimentDetail; root: string; bookId: number }) {
  const names = [detail.section.name, ...detail.section.runs.map(({ name }) => name)]
  return (
    <div className={css.results}>
      <Benchmarks names={names} />
      <Training names={names} root={root} />
      <Noted detail={detail} />
    </div>
  )
}

function Benchmarks({ names }: { names: readonly string[] }) {
  const { t: tRuns } = useTranslation('runs')
  const { t } = useTranslation('experiments')
  const runs = useEngineQuery('runs.list', {})
  return (
    <Panel title={t('results.benchmarks')} note={t('results.joined')} flush>
      <Answer query={runs}>
        {(all) => {
          const mine = all.filter(({ experiment }) => isFolderOf(experiment, names))
          if (mine.length === 0) return <p className={css.padded}>{t('results.noBenchmarks')}</p>
          const metrics = shownMetrics.filter((metric) => mine.some((run) => run.metrics[metric]))
          return (
            <div className={css.tableScroll}>
              <table className={css.table}>
                <thead>
                  <tr>
                    <th>{t('results.run')}</th>
                    <th>{t('results.map')}</th>
                    {metrics.map((metric) => (
                      <th key={metric} className={css.numeric}>
                        {metric}
                      </th>
                    ))}
                    <th>{t('results.when')}</th>
                  </tr>
                </thead>
                <tbody>
                  {mine.map((run) => (
                    <tr key={run.id}>
                      <td>
                        <Link href={`/runs/${run.id}`}>{run.label}</Link>
                      </td>
                      <td>{run.map}</td>
                      {metrics.map((metric) => (
                        <td key={metric} className={css.numeric}>
                          <ScoreCell
                            score={run.metrics[metric]}
                            link={worstPairLink(run.id, metricInfo(metric), tRuns)}
                          />
                        </td>
                      ))}
                      <td>
                        <Moment at={run.createdAt} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }}
      </Answer>
    </Panel>
  )
}

function Training({ names, root }: { names: readonly string[]; root: string }) {
  const { t } = useTranslation('experiments')
  const runs = useEngineQuery('training.runs', { workspace: root })
  const mine = (runs.data ?? []).filter(
    ({ experiment, keys }) => isFolderOf(experiment, names) && keys.length > 0,
  )
  if (mine.length === 0)
    return (
      <Panel title={t('results.training')}>
        <p className={css.faint}>
          {t('results.noTraining')} <Link href="/train/curves">{t('results.readLogs')}</Link>
        </p>
      </Panel>
    )
  return (
    <>
      {mine.slice(0, 3).map((run) => (
        <div key={run.id} className={css.trainingRun}>
          <h3>
            <Link href={`/train/curves?run=${encodeURIComponent(run.id)}`}>{run.experiment}</Link>
            <span className={css.faint}>
              {run.lastStep !== null && t('results.step', { step: formatCount(run.lastStep) })}
            </span>
          </h3>
          <div className={css.resultPlots}>
            {mainKeys(run.keys)
              .slice(0, 2)
              .map((key) => (
                <SeriesPanel
                  key={key.id}
                  workspace={root}
                  runs={[run]}
                  keyId={key.id}
                  x="step"
                  height={160}
                />
              ))}
          </div>
          <Panel title={t('results.checkpoints')} flush>
            <CheckpointTable workspace={root} run={run} />
          </Panel>
        </div>
      ))}
    </>
  )
}

function Noted({ detail }: { detail: ExperimentDetail }) {
  const { t } = useTranslation('experiments')
  const noted = detail.section.commands.flatMap(({ line, kind, labels }) =>
    Object.entries({ ...labels.losses, ...labels.scores }).map(([name, value]) => ({
      line,
      kind,
      name,
      value,
      step: labels.steps?.at(-1),
    })),
  )
  if (noted.length === 0) return null
  return (
    <Panel title={t('results.noted')} flush>
      <table className={css.table}>
        <tbody>
          {noted.map(({ line, kind, name, value, step }, index) => (
            <tr key={index}>
              <td>{name}</td>
              <td className={css.numeric} title={String(value)}>
                {formatNumber(value)}
              </td>
              <td>{step === undefined ? '' : t('results.step', { step: formatCount(step) })}</td>
              <td>{t(`kinds.${kind}`)}</td>
              <td className={css.faint}>{t('notes.line', { line })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
