import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConfigMatrix } from '../../../../../shared/contract/experiments.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { Check } from '../../../ui/Check.tsx'
import { TextInput } from '../../../ui/inputs.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { Answer, Empty } from '../../../ui/states.tsx'
import { Ref } from '../detail/Ref.tsx'
import css from '../experiments.module.css'
import { shownRows } from './matrixRows.ts'

/** The settings of all experiments side by side; what differs from the one it was built from stands out. */
export function MatrixView({ bookId }: { bookId: number }) {
  const matrix = useEngineQuery('experiments.matrix', { bookId })
  return <Answer query={matrix}>{(found) => <Matrix matrix={found} />}</Answer>
}

function Matrix({ matrix }: { matrix: ConfigMatrix }) {
  const { t } = useTranslation('experiments')
  const [text, setText] = useState('')
  const [isDifferent, setDifferent] = useState(true)
  const [hasCommand, setCommand] = useState(true)
  const rows = useMemo(
    () => shownRows(matrix, { text, onlyDifferent: isDifferent, withCommand: hasCommand }),
    [matrix, text, isDifferent, hasCommand],
  )
  const changed = useMemo(() => matrix.changes.map((indices) => new Set(indices)), [matrix])
  if (matrix.columns.length === 0) return <Empty>{t('matrix.none')}</Empty>
  return (
    <div className={css.matrixView}>
      <div className={css.matrixBar}>
        <div className={css.matrixFind}>
          <TextInput
            value={text}
            onChange={setText}
            placeholder={t('matrix.find')}
            aria-label={t('matrix.find')}
          />
        </div>
        <Check isOn={isDifferent} onChange={setDifferent}>
          {t('matrix.onlyDifferent')}
        </Check>
        <Check isOn={hasCommand} onChange={setCommand}>
          {t('matrix.withCommand')}
        </Check>
        <span className={css.matrixKey}>
          <i aria-hidden /> {t('matrix.changed')}
        </span>
      </div>
      <Panel flush className={css.viewPanel}>
        <div className={css.matrixScroll} tabIndex={0} role="region" aria-label={t('views.matrix')}>
          <table className={css.matrix}>
            <thead>
              <tr>
                <th scope="col">{t('matrix.setting')}</th>
                {matrix.columns.map(({ experimentId, experiment, run, config, reason, base }, index) => (
                  <th
                    key={`${experimentId}${run ?? ''}${index}`}
                    scope="col"
                    title={[
                      config,
                      reason,
                      base === null ? undefined : t('matrix.base', { name: titleOf(matrix.columns[base]) }),
                    ]
                      .filter(Boolean)
                      .join('\n')}
                  >
                    {run === null ? <Ref name={experiment} /> : <span>{run}</span>}
                    <small>
                      {reason !== null ? t('matrix.noConfig') : (config?.split('/').at(-1) ?? '')}
                    </small>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ row, index }) => (
                <tr key={`${row.source}${row.key}`}>
                  <th scope="row" title={row.key}>
                    {row.key}
                    {row.source === 'command' && <small>{t('matrix.command')}</small>}
                  </th>
                  {row.cells.map((cell, column) => (
                    <td
                      key={column}
                      title={cell ?? t('matrix.unset')}
                      data-changed={changed[column].has(index) || undefined}
                      data-unset={cell === null || undefined}
                    >
                      {cell ?? '·'}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
    </div>
  )
}

/** A column's name for people: the run, or its experiment. */
export const titleOf = ({ experiment, run }: ConfigMatrix['columns'][number]): string => run ?? experiment
