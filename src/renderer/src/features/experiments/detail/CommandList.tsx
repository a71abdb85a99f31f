import { NotebookPen, SquarePen } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExperimentDetail } from '../../../../../shared/contract/experiments.ts'
import type { LabCommand } from '../../../../../shared/domain/labBook.ts'
import { splitLaunch } from '../../../../../shared/domain/launch/splitLaunch.ts'
import { maskAssignments } from '../../../../../shared/domain/secrets.ts'
import { quoteShell } from '../../../../../shared/domain/shellWords.ts'
import { goTo } from '../../../app/hashLocation.ts'
import { translateSentence } from '../../../i18n/sentences/index.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { classes } from '../../../ui/classes.ts'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { Empty } from '../../../ui/states.tsx'
import { Status, type StatusLook } from '../../../ui/Status.tsx'
import { routeToLaunch } from '../../train/launch/launchStore.ts'
import { AppendDialog } from '../AppendDialog.tsx'
import css from '../experiments.module.css'
import { labelChips } from '../labelChips.ts'

const problemLooks: Record<string, StatusLook> = { error: 'failed', warning: 'warning', info: 'waiting' }

/** The commands of an experiment with their labels; each opens as a launch form. Problems stand at their line. */
export function CommandList({ detail, root }: { detail: ExperimentDetail; root: string }) {
  const { t } = useTranslation('experiments')
  const { section, commandIds, problems } = detail
  const [noted, setNoted] = useState<LabCommand>()
  if (section.commands.length === 0 && problems.length === 0) return <Empty>{t('commands.none')}</Empty>
  return (
    <div className={css.commands}>
      {problems.map(({ line, severity, message, text }) => (
        <div key={`${line}${message}`} className={css.problem}>
          <Status look={problemLooks[severity] ?? 'warning'}>
            {t('notes.line', { line })}: {translateSentence(message)}
          </Status>
          {text !== undefined && <code>{text}</code>}
        </div>
      ))}
      {section.commands.map((command, index) => (
        <CommandCard
          key={commandIds[index] ?? command.line}
          id={commandIds[index]}
          command={command}
          onNote={() => setNoted(command)}
        />
      ))}
      {noted && (
        <AppendDialog
          command={{ argv: noted.argv, env: noted.env }}
          root={root}
          experiment={section.name}
          kind={noted.kind}
          run={noted.labels.run}
          onClose={() => setNoted(undefined)}
        />
      )}
    </div>
  )
}

function CommandCard(props: { id: string | undefined; command: LabCommand; onNote(): void }) {
  const { id, command, onNote } = props
  const { t } = useTranslation('experiments')
  const [isOpen, setOpen] = useState(false)
  const shell = quoteShell(command.argv, command.env)
  const form = () =>
    goTo(
      `${routeToLaunch(splitLaunch(command.argv).script ?? null)}?command=${encodeURIComponent(id ?? '')}&line=${command.line}`,
    )
  return (
    <article
      className={css.commandCard}
      aria-label={t('commands.label', { kind: command.kind, line: command.line })}
    >
      <header>
        <span className={css.kind} data-kind={command.kind}>
          {t(`kinds.${command.kind}`)}
        </span>
        {command.todo && <span className={css.todoMark}>{t('commands.todo')}</span>}
        {labelChips(command.labels)
          .filter(({ kind, text }) => !(command.todo && kind === 'state' && text === 'todo'))
          .map(({ kind, text }, index) => (
            <span key={index} className={css.chip} data-kind={kind} title={t(`chips.${kind}`)}>
              {kind === 'step' || kind === 'machine' || kind === 'rate' || kind === 'batch'
                ? t(`chipTexts.${kind}`, { text })
                : text}
            </span>
          ))}
        <span className={css.cardActions}>
          <span className={css.faint}>{t('notes.line', { line: command.line })}</span>
          <IconButton icon={NotebookPen} size={14} label={t('commands.note')} onClick={onNote} />
          <CopyButton text={shell} label={t('commands.copy')} />
          <Button
            size="small"
            icon={SquarePen}
            disabledReason={id ? undefined : t('commands.gone')}
            onClick={form}
          >
            {t('commands.open')}
          </Button>
        </span>
      </header>
      <button
        type="button"
        className={classes(css.shell, isOpen && css.isOpen)}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <code translate="no">{maskAssignments(shell)}</code>
      </button>
    </article>
  )
}
