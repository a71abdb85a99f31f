import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/Dialog.tsx'
import { KeyHint } from '../ui/KeyHint.tsx'
import { allCommands, useCommands, type Command } from './commands.ts'
import css from './dialogs.module.css'
import { closeDialog } from './dialogs.ts'

/** All keys that work now, from the same records that make them work. */
export function ShortcutSheet({ isOpen }: { isOpen: boolean }) {
  const { t } = useTranslation()
  const lists = useCommands((state) => state.lists)
  const withKeys = allCommands(lists).filter(({ keys }) => keys !== undefined)
  const groups: [string, Command[]][] = [
    [t('shortcuts.here'), withKeys.filter(({ scope }) => scope === 'page')],
    [t('shortcuts.everywhere'), withKeys.filter(({ scope }) => scope === 'window')],
  ]
  return (
    <Dialog isOpen={isOpen} onClose={closeDialog} title={t('shortcuts.title')} width={640}>
      <div className={css.columns}>
        {groups
          .filter(([, commands]) => commands.length > 0)
          .map(([title, commands]) => (
            <section key={title}>
              <h3>{title}</h3>
              <ul>
                {commands.map(({ id, title: name, keys }) => (
                  <li key={id}>
                    {name}
                    <KeyHint keys={keys ?? ''} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
      </div>
    </Dialog>
  )
}
