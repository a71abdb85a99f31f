import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LabCommand } from '../../../../../shared/domain/labBook.ts'
import { splitLaunch } from '../../../../../shared/domain/launch/splitLaunch.ts'
import { maskAssignments } from '../../../../../shared/domain/secrets.ts'
import { quoteShell } from '../../../../../shared/domain/shellWords.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { TextInput } from '../../../ui/inputs.tsx'
import { Answer, Empty } from '../../../ui/states.tsx'
import css from './launch.module.css'
import { placeOfScript, type LaunchPlace } from './launchStore.ts'

export type PickedCommand = { experiment: string; command: LabCommand }

/** The recorded commands of the lab book that belong to a page, found by the words of their line. */
export function CommandPicker(props: { place: LaunchPlace; onPick(picked: PickedCommand): void }) {
  const { place, onPick } = props
  const { t } = useTranslation(['train', 'experiments'])
  const [text, setText] = useState('')
  const books = useEngineQuery('experiments.books', {})
  const hasBook = (books.data?.length ?? 0) > 0
  const list = useEngineQuery('experiments.list', {}, { enabled: hasBook })
  const all = useMemo(
    () =>
      (list.data?.experiments ?? []).flatMap(({ name, commands }) =>
        commands
          .filter(({ argv }) => placeOfScript(splitLaunch(argv).script ?? null) === place)
          .map((command) => ({ experiment: name, command, line: lineOf(name, command) })),
      ),
    [list.data, place],
  )
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = all.filter(({ line }) => words.every((word) => line.includes(word)))
  if (books.data && !hasBook) return <Empty>{t('picker.noBook')}</Empty>
  return (
    <div className={css.picker}>
      <TextInput
        value={text}
        onChange={setText}
        placeholder={t('picker.find')}
        aria-label={t('picker.find')}
        autoFocus
      />
      <Answer query={list}>
        {() => (
          <ul className={css.pickerList} aria-label={t('picker.title')}>
            {found.length === 0 && <li className={css.nothing}>{t('picker.none')}</li>}
            {found.map(({ experiment, command }) => (
              <li key={`${experiment}:${command.line}:${command.argv.join(' ')}`}>
                <button type="button" onClick={() => onPick({ experiment, command })}>
                  <span className={css.pickerHead}>
                    <strong>{command.labels.run ?? experiment}</strong>
                    <span>{t(`experiments:kinds.${command.kind}`)}</span>
                    <span className={css.pickerLabel}>
                      {command.labels.text?.map(withoutEmphasis).join(' · ')}
                    </span>
                    <span className={css.pickerLine}>{t('picker.line', { line: command.line })}</span>
                  </span>
                  <code>{maskAssignments(quoteShell(command.argv, command.env))}</code>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </div>
  )
}

/** Labels are kept as written; their Markdown stars only disturb in a list. */
const withoutEmphasis = (label: string) => label.replace(/\*\*|__|~~/g, '')

/** What a command is found by. */
const lineOf = (experiment: string, { argv, env, kind, labels }: LabCommand): string =>
  [experiment, labels.run ?? '', kind, ...(labels.text ?? []), quoteShell(argv, env)].join(' ').toLowerCase()
