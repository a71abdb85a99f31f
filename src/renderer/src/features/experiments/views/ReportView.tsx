import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../api/client.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { translateSentence } from '../../../i18n/sentences/index.ts'
import { DataTable, type Column } from '../../../ui/DataTable.tsx'
import { formatCount } from '../../../ui/format.ts'
import { Notice } from '../../../ui/Notice.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { Answer } from '../../../ui/states.tsx'
import { Status, type StatusLook } from '../../../ui/Status.tsx'
import { Ref } from '../detail/Ref.tsx'
import css from '../experiments.module.css'

type Report = Output<'experiments.report'>
type Line = Report['lines'][number] & {
  text: string | undefined
  problem: Report['problems'][number] | undefined
}
const looks: Record<string, StatusLook> = { error: 'failed', warning: 'warning', info: 'waiting' }

/** What every line of the log became, so that nothing is dropped in silence. */
export function ReportView({ bookId }: { bookId: number }) {
  const report = useEngineQuery('experiments.report', { bookId })
  return <Answer query={report}>{(found) => <ReportTable report={found} />}</Answer>
}

function ReportTable({ report }: { report: Report }) {
  const { t } = useTranslation('experiments')
  const [kind, setKind] = useState<string>()
  const rows = useMemo(() => {
    const problems = new Map(report.problems.map((problem) => [problem.line, problem]))
    return report.lines.map((line): Line => ({
      ...line,
      text: report.text?.[line.line - 1],
      problem: problems.get(line.line),
    }))
  }, [report])
  const shown = rows.filter(
    (row) => kind === undefined || (kind === 'problem' ? row.problem !== undefined : row.kind === kind),
  )
  const columns = useColumns()
  const choices = [
    ...(report.problems.length > 0 ? [['problem', report.problems.length] as const] : []),
    ...Object.entries(report.counts).sort(([, a], [, b]) => b - a),
  ]
  return (
    <div className={css.reportView}>
      <div className={css.filterChips} role="group" aria-label={t('report.filter')}>
        {choices.map(([name, count]) => (
          <button
            key={name}
            type="button"
            aria-pressed={kind === name}
            onClick={() => setKind(kind === name ? undefined : name)}
          >
            {t(`lineKinds.${name as 'note'}`)} <span>{formatCount(count)}</span>
          </button>
        ))}
      </div>
      {report.text === null && <Notice look="warning">{t('report.fileChanged')}</Notice>}
      <Panel flush className={css.viewPanel}>
        <DataTable
          label={t('views.report')}
          rows={shown}
          columns={columns}
          rowKey={({ line }) => String(line)}
          fill
        />
      </Panel>
    </div>
  )
}

function useColumns(): Column<Line>[] {
  const { t } = useTranslation('experiments')
  return useMemo(
    () => [
      { id: 'line', title: t('report.line'), label: t('report.line'), width: 60, cell: ({ line }) => line },
      {
        id: 'kind',
        title: t('report.became'),
        label: t('report.became'),
        width: 150,
        cell: ({ kind, problem }) =>
          problem ? (
            <Status look={looks[problem.severity]}>{t(`lineKinds.${kind}`)}</Status>
          ) : (
            t(`lineKinds.${kind}`)
          ),
      },
      {
        id: 'experiment',
        title: t('report.experiment'),
        label: t('report.experiment'),
        width: 170,
        cell: ({ experiment }) => (experiment === null ? '' : <Ref name={experiment} />),
      },
      {
        id: 'text',
        title: t('report.text'),
        label: t('report.text'),
        cell: ({ text, problem }) => (
          <span className={css.lineText}>
            {problem && <em>{translateSentence(problem.message)} </em>}
            <code title={text}>{text ?? ''}</code>
          </span>
        ),
      },
    ],
    [t],
  )
}
