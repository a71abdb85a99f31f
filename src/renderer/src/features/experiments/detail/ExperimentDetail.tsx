import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type {
  ExperimentDetail as Detail,
  ExperimentNode,
} from '../../../../../shared/contract/experiments.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { Answer } from '../../../ui/states.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import css from '../experiments.module.css'
import { Additions, TagEditor } from './Additions.tsx'
import { BaseMenu } from './BaseMenu.tsx'
import { CommandList } from './CommandList.tsx'
import { ConfigTab } from './ConfigTab.tsx'
import { Notes } from './Notes.tsx'
import { Ref } from './Ref.tsx'
import { ResultsTab } from './ResultsTab.tsx'

const tabs = ['book', 'config', 'results'] as const
type TabId = (typeof tabs)[number]

/** One experiment: its notes and commands, its config, what came out. */
export function ExperimentDetail(props: {
  id: string
  nodes: readonly ExperimentNode[]
  root: string
  bookId: number
}) {
  const { id, nodes, root, bookId } = props
  const { t } = useTranslation('experiments')
  const query = useEngineQuery('experiments.show', { experiment: id, bookId })
  const [tab, setTab] = useState<TabId>('book')
  return (
    <div className={css.detail}>
      <Answer query={query}>
        {(detail) => (
          <>
            <Head detail={detail} nodes={nodes} />
            <Tabs
              label={detail.section.name}
              tabs={tabs.map((one) => ({ id: one, title: t(`detail.tabs.${one}`) }))}
              value={tab}
              onChange={(chosen: TabId) => setTab(chosen)}
            />
            <div className={css.tabBody} role="tabpanel">
              {tab === 'book' && <BookTab detail={detail} root={root} />}
              {tab === 'config' && <ConfigTab detail={detail} root={root} bookId={bookId} />}
              {tab === 'results' && <ResultsTab detail={detail} root={root} bookId={bookId} />}
            </div>
          </>
        )}
      </Answer>
    </div>
  )
}

function Head({ detail, nodes }: { detail: Detail; nodes: readonly ExperimentNode[] }) {
  const { t } = useTranslation('experiments')
  const { section, children } = detail
  return (
    <header className={css.head}>
      <div className={css.headRow}>
        <h2>{section.name}</h2>
        <span className={css.lines}>
          {t('detail.lines', { from: section.lines[0], to: section.lines[1] })}
        </span>
        <TagEditor detail={detail} />
      </div>
      <div className={css.relations}>
        <BaseMenu detail={detail} nodes={nodes} />
        {children.length > 0 && (
          <span>
            {t('detail.children')}{' '}
            {children.map((name) => (
              <Ref key={name} name={name} />
            ))}
          </span>
        )}
        <Relations
          title={t('detail.mentions')}
          names={detail.links.flatMap(({ to }) => to ?? [])}
          own={section.name}
        />
        <Relations
          title={t('detail.mentionedBy')}
          names={detail.backlinks.map(({ from }) => from)}
          own={section.name}
        />
      </div>
    </header>
  )
}

function Relations({ title, names, own }: { title: string; names: readonly string[]; own: string }) {
  const others = [...new Set(names)].filter((name) => name !== own)
  if (others.length === 0) return null
  return (
    <span>
      {title}{' '}
      {others.map((name) => (
        <Ref key={name} name={name} />
      ))}
    </span>
  )
}

function BookTab({ detail, root }: { detail: Detail; root: string }) {
  return (
    <div className={css.book}>
      <div className={css.noteColumn}>
        <Notes detail={detail} />
        <Additions detail={detail} />
      </div>
      <CommandList detail={detail} root={root} />
    </div>
  )
}
