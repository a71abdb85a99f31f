import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../api/client.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { useRouteQuery } from '../../../app/hashLocation.ts'
import { Check } from '../../../ui/Check.tsx'
import { formatNumber } from '../../../ui/format.ts'
import { TextInput } from '../../../ui/inputs.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { ScoreCell } from '../../../ui/ScoreCell.tsx'
import { Answer, Empty } from '../../../ui/states.tsx'
import css from '../experiments.module.css'
import { treeRows } from '../treeRows.ts'
import { titleOf } from './MatrixView.tsx'

type Comparison = Output<'experiments.compare'>

/** Experiments side by side: what was changed between them, and what came out. */
export function CompareView({ bookId }: { bookId: number }) {
  const { t } = useTranslation('experiments')
  const [query, change] = useRouteQuery()
  const [text, setText] = useState('')
  const tree = useEngineQuery('experiments.tree', { bookId })
  const ids = query.get('of')?.split('|').filter(Boolean) ?? []
  const nodes = tree.data ?? []
  const chosen = nodes.filter(({ id }) => ids.includes(id)).map(({ id }) => id)
  const comparison = useEngineQuery(
    'experiments.compare',
    { experiments: chosen, bookId },
    { enabled: chosen.length >= 2, placeholderData: (previous) => previous },
  )
  const toggle = (id: string, isOn: boolean) =>
    change({ of: (isOn ? [...chosen, id] : chosen.filter((one) => one !== id)).join('|') })
  return (
    <div className={css.columns}>
      <Panel flush className={css.tree}>
        <div className={css.treeFilter}>
          <TextInput
            value={text}
            onChange={setText}
            placeholder={t('tree.find')}
            aria-label={t('tree.find')}
          />
        </div>
        <ul className={css.treeList} aria-label={t('compare.choose')}>
          {treeRows(nodes, text)
            .filter(({ node }) => !node.isMissing)
            .map(({ node, depth }) => (
              <li key={node.id} className={css.compareNode} style={{ paddingLeft: 12 + depth * 16 }}>
                <Check isOn={chosen.includes(node.id)} onChange={(isOn) => toggle(node.id, isOn)}>
                  {node.name}
                </Check>
              </li>
            ))}
        </ul>
      </Panel>
      <div className={css.detail}>
        {chosen.length < 2 ? (
          <Empty>{t('compare.empty')}</Empty>
        ) : (
          <Answer query={comparison}>{(found) => <Tables comparison={found} />}</Answer>
        )}
      </div>
    </div>
  )
}

function Tables({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation('experiments')
  const { columns, changed, noted, scores } = comparison
  const section = (title: string, count: number) => (
    <tr className={css.tableSection}>
      <th colSpan={columns.length + 1} scope="rowgroup">
        {title} <span>{count}</span>
      </th>
    </tr>
  )
  return (
    <Panel flush className={css.viewPanel}>
      <div className={css.matrixScroll} tabIndex={0} role="region" aria-label={t('views.compare')}>
        <table className={css.matrix}>
          <thead>
            <tr>
              <th scope="col">{t('matrix.setting')}</th>
              {columns.map((column, index) => (
                <th key={index} scope="col" title={column.reason ?? column.config ?? undefined}>
                  {titleOf(column)}
                  <small>
                    {column.reason !== null ? t('matrix.noConfig') : (column.config?.split('/').at(-1) ?? '')}
                  </small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {section(t('compare.out'), scores.length + noted.length)}
            {scores.map(({ name, cells }) => (
              <tr key={`score${name}`}>
                <th scope="row">{name}</th>
                {cells.map((cell, index) => (
                  <td key={index}>
                    <ScoreCell score={cell ?? undefined} />
                  </td>
                ))}
              </tr>
            ))}
            {noted.map(({ name, cells }) => (
              <tr key={`noted${name}`}>
                <th scope="row">
                  {name}
                  <small>{t('compare.noted')}</small>
                </th>
                {cells.map((values, index) => (
                  <td
                    key={index}
                    title={values
                      .map(({ line, value }) => `${value} (${t('notes.line', { line })})`)
                      .join('\n')}
                  >
                    {values.length === 0 ? '·' : values.map(({ value }) => formatNumber(value)).join(', ')}
                  </td>
                ))}
              </tr>
            ))}
            {scores.length + noted.length === 0 && (
              <tr>
                <td colSpan={columns.length + 1}>{t('compare.nothingOut')}</td>
              </tr>
            )}
            {section(t('compare.changed'), changed.length)}
            {changed.map(({ key, source, cells }) => (
              <tr key={`${source}${key}`}>
                <th scope="row">
                  {key}
                  {source === 'command' && <small>{t('matrix.command')}</small>}
                </th>
                {cells.map((cell, index) => (
                  <td
                    key={index}
                    title={cell ?? t('matrix.unset')}
                    data-unset={cell === null || undefined}
                    data-changed={(index > 0 && cell !== cells[0]) || undefined}
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
  )
}
