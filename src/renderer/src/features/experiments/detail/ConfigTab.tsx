import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExperimentDetail } from '../../../../../shared/contract/experiments.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { Select } from '../../../ui/inputs.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { PatchView } from '../../../ui/PatchView.tsx'
import { Answer, Empty } from '../../../ui/states.tsx'
import { ConfigEditor } from '../config/ConfigEditor.tsx'
import { configsOf } from '../config/configsOf.ts'
import css from '../experiments.module.css'

/** The configs an experiment uses: view, edit with comments kept, copy, and compare with those it was built from. */
export function ConfigTab(props: { detail: ExperimentDetail; root: string; bookId: number }) {
  const { detail, root, bookId } = props
  const { t } = useTranslation('experiments')
  const configs = useMemo(() => configsOf(detail.section.commands), [detail])
  const [chosen, setChosen] = useState<string>()
  const path = chosen ?? configs[0]
  if (path === undefined) return <Empty>{t('config.none')}</Empty>
  return (
    <div className={css.configTab}>
      <div className={css.configChoice}>
        <Select
          aria-label={t('config.choose')}
          value={path}
          options={configs.map((value) => ({ value, label: value }))}
          onChange={setChosen}
        />
      </div>
      <div className={css.configColumns}>
        <Panel flush className={css.configPanel}>
          <ConfigEditor key={path} path={path} root={root} onCreated={setChosen} />
        </Panel>
        <ConfigDiff path={path} detail={detail} root={root} bookId={bookId} />
      </div>
    </div>
  )
}

function ConfigDiff(props: { path: string; detail: ExperimentDetail; root: string; bookId: number }) {
  const { path, detail, root, bookId } = props
  const { t } = useTranslation('experiments')
  const all = useEngineQuery('experiments.config.list', { root })
  const base = useEngineQuery(
    'experiments.show',
    { experiment: detail.base?.name ?? '', bookId },
    { enabled: detail.base !== null },
  )
  const [chosen, setChosen] = useState<string>()
  const ofBase = base.data ? configsOf(base.data.section.commands) : []
  // The config of the same folder: a training config is compared with a training config.
  const folder = path.slice(0, path.lastIndexOf('/'))
  const before = chosen ?? ofBase.find((one) => one.slice(0, one.lastIndexOf('/')) === folder) ?? ofBase[0]
  const diff = useEngineQuery(
    'experiments.config.diff',
    { before: before ?? '', after: path, root },
    { enabled: before !== undefined && before !== path },
  )
  return (
    <Panel
      title={t('config.diff')}
      actions={
        <div className={css.configOther}>
          <Select
            aria-label={t('config.compareWith')}
            placeholder={t('config.compareWith')}
            value={before}
            isSearchable
            options={[...new Set([...ofBase, ...(all.data ?? [])])].map((value) => ({ value, label: value }))}
            onChange={setChosen}
          />
        </div>
      }
      flush
      className={css.configPanel}
    >
      {before === undefined ? (
        <Empty>{t('config.noBase')}</Empty>
      ) : before === path ? (
        <Empty>{t('config.sameFile')}</Empty>
      ) : (
        <Answer query={diff}>
          {({ differences, patch }) =>
            differences.length === 0 && patch === '' ? (
              <Empty>{t('config.equal')}</Empty>
            ) : (
              <div className={css.diffBody}>
                <table className={css.diffTable}>
                  <tbody>
                    {differences.map(({ key, before: was, after }) => (
                      <tr key={key}>
                        <th scope="row">{key}</th>
                        <td className={css.was}>{was ?? '–'}</td>
                        <td>{after ?? '–'}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
                <PatchView patch={patch} label={t('config.diff')} />
              </div>
            )
          }
        </Answer>
      )}
    </Panel>
  )
}
