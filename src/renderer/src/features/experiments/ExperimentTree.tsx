import { CircleAlert, ListTodo } from 'lucide-react'
import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ExperimentNode } from '../../../../shared/contract/experiments.ts'
import { classes } from '../../ui/classes.ts'
import { TextInput } from '../../ui/inputs.tsx'
import { Panel } from '../../ui/Panel.tsx'
import css from './experiments.module.css'
import { treeRows } from './treeRows.ts'

/** The address of an experiment. */
export const routeToExperiment = (idOrName: string): string => `/experiments/${encodeURIComponent(idOrName)}`

/** The experiments in the order of the book; arrow keys go through them. */
export function ExperimentTree(props: { nodes: readonly ExperimentNode[]; chosenId: string | undefined }) {
  const { nodes, chosenId } = props
  const { t } = useTranslation('experiments')
  const [text, setText] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const rows = useMemo(() => treeRows(nodes, text), [nodes, text])
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by === 0) return
    const links = [...(list.current?.querySelectorAll('a') ?? [])]
    const next = links[links.indexOf(document.activeElement as HTMLAnchorElement) + by]
    if (!next) return
    event.preventDefault()
    next.focus()
    next.click()
  }
  return (
    <Panel flush className={css.tree}>
      <div className={css.treeFilter}>
        <TextInput value={text} onChange={setText} placeholder={t('tree.find')} aria-label={t('tree.find')} />
      </div>
      <ul ref={list} className={css.treeList} aria-label={t('tree.label')} onKeyDown={onKeyDown}>
        {rows.map(({ node, depth }) => (
          <li key={node.id}>
            <Link
              href={routeToExperiment(node.id)}
              className={classes(css.node, node.isMissing && css.isMissing)}
              style={{ paddingLeft: 12 + depth * 16 }}
              aria-current={node.id === chosenId ? 'true' : undefined}
              title={node.isMissing ? t('tree.missing') : node.name}
            >
              <span className={css.nodeName}>{node.name}</span>
              {node.tags.map((tag) => (
                <span key={tag} className={css.tag}>
                  {tag}
                </span>
              ))}
              <NodeFacts node={node} />
            </Link>
          </li>
        ))}
        {rows.length === 0 && <li className={css.nothing}>{t('tree.nothing')}</li>}
      </ul>
    </Panel>
  )
}

function NodeFacts({ node }: { node: ExperimentNode }) {
  const { t } = useTranslation('experiments')
  const commands = Object.values(node.commands).reduce((sum, count) => sum + count, 0)
  return (
    <span className={css.nodeFacts}>
      {node.problems > 0 && (
        <span title={t('tree.problems', { count: node.problems })} className={css.problemMark}>
          <CircleAlert size={12} aria-hidden />
          {node.problems}
        </span>
      )}
      {node.todos > 0 && (
        <span title={t('tree.todos', { count: node.todos })}>
          <ListTodo size={12} aria-hidden />
          {node.todos}
        </span>
      )}
      <span title={t('tree.commands', { count: commands })}>{commands}</span>
    </span>
  )
}
