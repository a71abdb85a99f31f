import { BookOpen, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'wouter'
import { useEngineQuery } from '../../api/queries.ts'
import { useRouteQuery } from '../../app/hashLocation.ts'
import { useWorkspace } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { Page } from '../../ui/Page.tsx'
import { PathText } from '../../ui/PathText.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { ExperimentDetail } from './detail/ExperimentDetail.tsx'
import css from './experiments.module.css'
import { ExperimentTree } from './ExperimentTree.tsx'
import { ImportDialog } from './ImportDialog.tsx'
import { CompareView } from './views/CompareView.tsx'
import { MatrixView } from './views/MatrixView.tsx'
import { ReportView } from './views/ReportView.tsx'
import { TodoView } from './views/TodoView.tsx'
import { useBook } from './useBook.ts'
import { useImport } from './useImport.ts'

const views = ['book', 'todo', 'matrix', 'compare', 'report'] as const
type View = (typeof views)[number]

/** The lab book: experiments as a tree, and views over all of them. */
export function ExperimentsPage() {
  const { t } = useTranslation('experiments')
  const { root, data: workspace } = useWorkspace()
  const { books, book } = useBook(root)
  const [query, change] = useRouteQuery()
  const [isImporting, setImporting] = useState(false)
  const view = views.find((one) => one === query.get('view')) ?? 'book'
  const read = useImport()
  const found = workspace?.labBook
  return (
    <Page
      title={t('title')}
      about={
        book && (
          <>
            <Tabs
              label={t('views.label')}
              tabs={views.map((id) => ({ id, title: t(`views.${id}`) }))}
              value={view}
              onChange={(id: View) => change({ view: id === 'book' ? undefined : id })}
            />
            <span className={css.bookFacts}>
              <PathText path={book.path} longest={36} /> <Moment at={book.importedAt} />
            </span>
          </>
        )
      }
      actions={
        <>
          {book && (
            <Button
              icon={RotateCw}
              look={book.isChanged ? 'primary' : 'default'}
              hint={book.isChanged ? t('book.changedHint') : t('book.readHint')}
              isBusy={read.isPending}
              onClick={() => read.mutate({ path: book.path, root: book.root })}
            >
              {book.isChanged ? t('book.changed') : t('book.read')}
            </Button>
          )}
          <Button icon={BookOpen} onClick={() => setImporting(true)}>
            {t('book.import')}
          </Button>
        </>
      }
      fill
    >
      <Answer query={books}>
        {() =>
          book ? (
            <View key={book.bookId} view={view} bookId={book.bookId} root={book.root} />
          ) : (
            <Empty
              note={t('empty.note')}
              action={
                found === undefined ? (
                  <Button icon={BookOpen} look="primary" onClick={() => setImporting(true)}>
                    {t('book.import')}
                  </Button>
                ) : (
                  <Button
                    icon={BookOpen}
                    look="primary"
                    isBusy={read.isPending}
                    onClick={() => read.mutate({ path: found, ...(root === undefined ? {} : { root }) })}
                  >
                    {t('empty.importFound', { name: found.split(/[\\/]/).at(-1) })}
                  </Button>
                )
              }
            >
              {t('empty.title')}
            </Empty>
          )
        }
      </Answer>
      <ImportDialog
        isOpen={isImporting}
        onClose={() => setImporting(false)}
        suggestion={found ?? ''}
        root={root}
      />
    </Page>
  )
}

function View({ view, bookId, root }: { view: View; bookId: number; root: string }) {
  if (view === 'matrix') return <MatrixView bookId={bookId} />
  if (view === 'compare') return <CompareView bookId={bookId} />
  if (view === 'report') return <ReportView bookId={bookId} />
  if (view === 'todo') return <TodoView bookId={bookId} />
  return <Book bookId={bookId} root={root} />
}

function Book({ bookId, root }: { bookId: number; root: string }) {
  const { t } = useTranslation('experiments')
  const { id } = useParams<{ id?: string }>()
  const tree = useEngineQuery('experiments.tree', { bookId })
  return (
    <Answer query={tree}>
      {(nodes) => {
        const wanted = id === undefined ? undefined : decodeURIComponent(id)
        const chosen =
          wanted === undefined ? nodes[0] : nodes.find((node) => node.id === wanted || node.name === wanted)
        return (
          <div className={css.columns}>
            <ExperimentTree nodes={nodes} chosenId={chosen?.id} />
            {chosen ? (
              <ExperimentDetail key={chosen.id} id={chosen.id} nodes={nodes} root={root} bookId={bookId} />
            ) : (
              <Empty>{nodes.length === 0 ? t('empty.noExperiments') : t('empty.gone')}</Empty>
            )}
          </div>
        )
      }}
    </Answer>
  )
}
