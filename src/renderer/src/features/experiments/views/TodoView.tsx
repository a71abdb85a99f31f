import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../../api/queries.ts'
import { Panel } from '../../../ui/Panel.tsx'
import { Answer, Empty } from '../../../ui/states.tsx'
import { Ref } from '../detail/Ref.tsx'
import { NoteText } from '../detail/Notes.tsx'
import css from '../experiments.module.css'

/** Everything the log says is still to do. */
export function TodoView({ bookId }: { bookId: number }) {
  const { t } = useTranslation('experiments')
  const report = useEngineQuery('experiments.report', { bookId })
  return (
    <Answer query={report}>
      {({ todos }) =>
        todos.length === 0 ? (
          <Empty>{t('todo.none')}</Empty>
        ) : (
          <Panel title={t('todo.title')} note={String(todos.length)} flush className={css.viewPanel}>
            <div className={css.tableScroll}>
              <table className={css.table}>
                <tbody>
                  {todos.map(({ line, experiment, text }) => (
                    <tr key={`${line}${text}`}>
                      <td>{experiment === null ? '' : <Ref name={experiment} />}</td>
                      <td className={css.wrapCell}>
                        <NoteText text={text} />
                      </td>
                      <td className={css.faint}>{t('notes.line', { line })}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Panel>
        )
      }
    </Answer>
  )
}
