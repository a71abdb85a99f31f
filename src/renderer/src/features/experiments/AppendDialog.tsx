import { NotebookPen } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Input } from '../../api/client.ts'
import { invalidate, useEngineCommand, useEngineQuery } from '../../api/queries.ts'
import { isFolderOf } from '../../../../shared/domain/experimentFolders.ts'
import { experimentId } from '../../../../shared/domain/labBook.ts'
import { commandKinds, kindOfScript, type CommandKind } from '../../../../shared/domain/launch/catalogue.ts'
import { formFromCommand, type LaunchCommand } from '../../../../shared/domain/launch/launchForm.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { NumberInput, Select, TextInput } from '../../ui/inputs.tsx'
import { PatchView } from '../../ui/PatchView.tsx'
import { Failed, Skeleton } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.ts'
import { useSettled } from '../../ui/useSettled.ts'
import css from './experiments.module.css'
import { useBook } from './useBook.ts'
import { scoresFromText } from './scoresFromText.ts'

/** The section that a folder or run belongs to; its own name, for a new section, when the book has none. */
function sectionOf(name: string, sections: readonly { name: string }[]): string {
  const id = experimentId(name)
  const found =
    sections.find((section) => section.name === name) ??
    sections.find((section) => isFolderOf(name, [section.name])) ??
    sections.find((section) => id !== undefined && experimentId(section.name) === id)
  return found?.name ?? name
}

/** Writes a finished run into the lab book, in the book's own style, after showing the change. */
export function AppendDialog(props: {
  command: LaunchCommand
  /** Root of the workspace whose lab book is meant. */
  root: string | undefined
  /** Name of the section it belongs to. */
  experiment: string
  kind?: CommandKind
  run?: string
  step?: number
  scores?: string
  onClose(): void
}) {
  const { command, onClose } = props
  const { t } = useTranslation('experiments')
  const { t: tApp } = useTranslation()
  const [chosen, setChosen] = useState<string>()
  const { books, book } = useBook(props.root)
  const inBook = book === undefined ? {} : { bookId: book.bookId }
  const tree = useEngineQuery('experiments.tree', inBook, { enabled: book !== undefined })
  const experiment = chosen ?? sectionOf(props.experiment, tree.data ?? [])
  const [kind, setKind] = useState<CommandKind>(
    props.kind ?? kindOfScript(formFromCommand(command).script ?? '') ?? 'train',
  )
  const [step, setStep] = useState(props.step)
  const [machine, setMachine] = useState('')
  const [scores, setScores] = useState(props.scores ?? '')
  const [remark, setRemark] = useState('')
  const entry = useMemo(
    (): Input<'experiments.propose'>['entry'] => ({
      experiment,
      kind,
      command: { env: { ...command.env }, argv: [...command.argv] },
      ...(props.run === undefined ? {} : { run: props.run }),
      ...(step === undefined ? {} : { step }),
      ...(machine === '' ? {} : { machine }),
      ...(scores.trim() === '' ? {} : { scores: scoresFromText(scores) }),
      ...(remark === '' ? {} : { remark }),
    }),
    [command, experiment, kind, props.run, step, machine, scores, remark],
  )
  const settled = useSettled(entry, 350)
  const proposal = useEngineQuery(
    'experiments.propose',
    { entry: settled, ...inBook },
    { enabled: book !== undefined && settled.experiment !== '', staleTime: 0 },
  )
  const append = useEngineCommand('experiments.append', {
    onSuccess: () => {
      invalidate('experiments.')
      toast({ look: 'ok', text: t('append.done', { experiment }), lastsMs: 6000 })
      onClose()
    },
    onError: (error) => {
      invalidate('experiments.propose')
      toast({ look: 'failed', text: error.message })
    },
  })
  const names = [...new Set([experiment, ...(tree.data ?? []).map(({ name }) => name)])]
  const isReady = proposal.data !== undefined && settled === entry && proposal.data.patch !== ''
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('append.title')}
      width={780}
      footer={
        <>
          <Button onClick={onClose}>{tApp('actions.cancel')}</Button>
          <Button
            icon={NotebookPen}
            look="primary"
            isBusy={append.isPending}
            disabledReason={isReady ? undefined : t('append.notReady')}
            onClick={() => proposal.data && append.mutate({ entry, hash: proposal.data.hash, ...inBook })}
          >
            {t('append.write')}
          </Button>
        </>
      }
    >
      <div className={css.appendFields}>
        <Field label={t('append.experiment')}>
          <Select
            value={experiment}
            options={names.map((value) => ({ value, label: value }))}
            onChange={setChosen}
            isSearchable
          />
        </Field>
        <Field label={t('append.kind')}>
          <Select
            value={kind}
            options={commandKinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
            onChange={(chosen: CommandKind) => setKind(chosen)}
          />
        </Field>
        <Field label={t('append.step')}>
          <NumberInput value={step} min={0} isWhole onChange={setStep} />
        </Field>
        <Field label={t('append.machine')}>
          <TextInput value={machine} onChange={setMachine} />
        </Field>
        <Field label={t('append.scores')} hint={t('append.scoresHint')}>
          <TextInput value={scores} onChange={setScores} placeholder="FID 14.71, total_loss 0.313" isMono />
        </Field>
        <Field label={t('append.remark')}>
          <TextInput value={remark} onChange={setRemark} />
        </Field>
      </div>
      <div className={css.proposal}>
        {books.data && !book ? (
          <p className={css.padded}>{t('append.noBook')}</p>
        ) : proposal.error ? (
          <Failed error={proposal.error} isInline />
        ) : proposal.data ? (
          proposal.data.patch === '' ? (
            <p className={css.padded}>{t('append.nothing')}</p>
          ) : (
            <PatchView patch={proposal.data.patch} label={t('append.change')} />
          )
        ) : (
          <Skeleton lines={4} />
        )}
      </div>
    </Dialog>
  )
}
