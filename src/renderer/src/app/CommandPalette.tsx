import { CornerDownLeft, Folder, Rows3, Search, type LucideIcon } from 'lucide-react'
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../api/queries.ts'
import { classes } from '../ui/classes.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { KeyHint } from '../ui/KeyHint.tsx'
import { allCommands, useCommands } from './commands.ts'
import css from './CommandPalette.module.css'
import { closeDialog } from './dialogs.ts'
import { fuzzyFilter } from './fuzzy.ts'
import { goTo } from './hashLocation.ts'
import { openWorkspace } from './workspace.ts'

type Entry = {
  id: string
  group: 'pages' | 'commands' | 'runs' | 'workspaces'
  title: string
  icon?: LucideIcon
  keys?: string
  disabledReason?: string
  perform(): void
}

const mostShown = 60

/** One field for everything: pages, commands, runs, workspaces. */
export function CommandPalette({ isOpen }: { isOpen: boolean }) {
  const { t } = useTranslation()
  return (
    <Dialog isOpen={isOpen} onClose={closeDialog} title={t('palette.title')} width={600} isBare>
      <PaletteBody />
    </Dialog>
  )
}

function PaletteBody() {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const listId = useId()
  const list = useRef<HTMLUListElement>(null)
  const entries = useEntries()
  const fitting = useMemo(
    () => fuzzyFilter(entries, typed, ({ title }) => title).slice(0, mostShown),
    [entries, typed],
  )
  const present = Math.min(chosen, fitting.length - 1)

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [present])

  const run = (entry: Entry | undefined) => {
    if (!entry || entry.disabledReason !== undefined) return
    closeDialog()
    entry.perform()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step !== undefined) setChosen(Math.min(fitting.length - 1, Math.max(0, present + step)))
    else if (event.key === 'Enter') run(fitting[present])
    else return
    event.preventDefault()
  }

  return (
    <div className={css.palette}>
      <label className={css.field}>
        <Search size={16} strokeWidth={1.75} aria-hidden />
        <input
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={fitting[present] && `${listId}-${present}`}
          aria-label={t('palette.title')}
          placeholder={t('palette.placeholder')}
          value={typed}
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setChosen(0)
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <ul ref={list} id={listId} role="listbox" aria-label={t('palette.title')} className={css.list}>
        {fitting.map((entry, index) => (
          <PaletteEntry
            key={entry.id}
            id={`${listId}-${index}`}
            entry={entry}
            isChosen={index === present}
            heading={
              typed === '' && entry.group !== fitting[index - 1]?.group
                ? t(`palette.groups.${entry.group}`)
                : undefined
            }
            onPoint={() => setChosen(index)}
            onRun={() => run(entry)}
          />
        ))}
      </ul>
      {fitting.length === 0 && <p className={css.nothing}>{t('palette.nothing', { text: typed })}</p>}
    </div>
  )
}

function PaletteEntry(props: {
  id: string
  entry: Entry
  isChosen: boolean
  heading: string | undefined
  onPoint(): void
  onRun(): void
}) {
  const { id, entry, isChosen, heading, onPoint, onRun } = props
  const Icon = entry.icon ?? CornerDownLeft
  return (
    <>
      {heading !== undefined && (
        <li role="presentation" className={css.heading}>
          {heading}
        </li>
      )}
      <li
        id={id}
        role="option"
        aria-selected={isChosen}
        aria-disabled={entry.disabledReason !== undefined || undefined}
        className={classes(css.entry, isChosen && css.isChosen)}
        onMouseMove={onPoint}
        onClick={onRun}
      >
        <Icon size={15} strokeWidth={1.75} aria-hidden />
        <span className={css.title}>{entry.title}</span>
        {entry.disabledReason !== undefined && <span className={css.reason}>{entry.disabledReason}</span>}
        {entry.keys !== undefined && <KeyHint keys={entry.keys} />}
      </li>
    </>
  )
}

function useEntries(): Entry[] {
  const lists = useCommands((state) => state.lists)
  const { data: runs } = useEngineQuery('runs.list', {})
  const { data: workspaces } = useEngineQuery('workspaces.list', {})
  return useMemo(() => {
    const commands = allCommands(lists)
      .filter(({ isKeyOnly, id }) => !isKeyOnly && id !== 'window.palette')
      .map((command): Entry => ({ ...command, group: command.id.startsWith('go.') ? 'pages' : 'commands' }))
    return [
      ...commands.filter(({ group }) => group === 'pages'),
      ...commands.filter(({ group }) => group === 'commands'),
      ...(runs ?? []).map((run): Entry => ({
        id: run.id,
        group: 'runs',
        title: `${run.label} · ${run.map}`,
        icon: Rows3,
        perform: () => goTo(`/runs/${run.id}`),
      })),
      ...(workspaces ?? [])
        .filter(({ exists }) => exists)
        .map((one): Entry => ({
          id: one.root,
          group: 'workspaces',
          title: one.root,
          icon: Folder,
          perform: () => {
            openWorkspace(one.root)
            goTo('/')
          },
        })),
    ]
  }, [lists, runs, workspaces])
}
