import { CopyPlus, Save, Undo2 } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { unifiedDiff } from '../../../../../shared/domain/textDiff.ts'
import type { Output } from '../../../api/client.ts'
import { invalidate, keyOf, queryClient, useEngineCommand, useEngineQuery } from '../../../api/queries.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { TextInput } from '../../../ui/inputs.tsx'
import { PatchView } from '../../../ui/PatchView.tsx'
import { Answer } from '../../../ui/states.tsx'
import { Status } from '../../../ui/Status.tsx'
import { toast } from '../../../ui/toasts.ts'
import css from '../experiments.module.css'

type ConfigFile = Output<'experiments.config.read'>
type EditorProps = { path: string; root: string; onCreated?(path: string): void }

/** A YAML config as text with its problems by line; saving shows the change first and keeps every comment. */
export function ConfigEditor(props: EditorProps) {
  const query = useEngineQuery('experiments.config.read', { path: props.path, root: props.root })
  return <Answer query={query}>{(file) => <Editor key={file.hash} {...props} file={file} />}</Answer>
}

function Editor({ path, root, file, onCreated }: EditorProps & { file: ConfigFile }) {
  const { t } = useTranslation('experiments')
  const [text, setText] = useState(file.text)
  const [dialog, setDialog] = useState<'save' | 'copy'>()
  const isDirty = text !== file.text
  return (
    <div className={css.editor}>
      <div className={css.editorBar}>
        <code title={file.path}>{path}</code>
        <span className={css.editorActions}>
          {isDirty && (
            <Button size="small" icon={Undo2} look="quiet" onClick={() => setText(file.text)}>
              {t('config.revert')}
            </Button>
          )}
          <Button size="small" icon={CopyPlus} onClick={() => setDialog('copy')}>
            {t('config.copy')}
          </Button>
          <Button
            size="small"
            icon={Save}
            look={isDirty ? 'primary' : 'default'}
            disabledReason={isDirty ? undefined : t('config.unchanged')}
            onClick={() => setDialog('save')}
          >
            {t('config.save')}
          </Button>
        </span>
      </div>
      {!isDirty && <Problems problems={file.problems} />}
      <LinedText
        text={text}
        onChange={setText}
        label={path}
        problemLines={isDirty ? [] : file.problems.map(({ line }) => line)}
      />
      {dialog === 'save' && (
        <SaveDialog path={path} root={root} file={file} text={text} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'copy' && (
        <CopyDialog path={path} root={root} onClose={() => setDialog(undefined)} onCreated={onCreated} />
      )}
    </div>
  )
}

function Problems({ problems }: { problems: ConfigFile['problems'] }) {
  const { t } = useTranslation('experiments')
  if (problems.length === 0) return null
  return (
    <ul className={css.configProblems}>
      {problems.map(({ line, message }, index) => (
        <li key={index}>
          <Status look="warning">
            {t('notes.line', { line })}: {message}
          </Status>
        </li>
      ))}
    </ul>
  )
}

/** A text field with line numbers beside it. */
function LinedText(props: {
  text: string
  onChange(text: string): void
  label: string
  problemLines: readonly number[]
}) {
  const { text, onChange, label, problemLines } = props
  const numbers = useRef<HTMLDivElement>(null)
  const count = useMemo(() => text.split('\n').length, [text])
  return (
    <div className={css.lined}>
      <div ref={numbers} className={css.numbers} aria-hidden>
        {Array.from({ length: count }, (_, index) => (
          <span key={index} data-problem={problemLines.includes(index + 1) || undefined}>
            {index + 1}
          </span>
        ))}
      </div>
      <textarea
        className={css.code}
        value={text}
        wrap="off"
        spellCheck={false}
        aria-label={label}
        onChange={(event) => onChange(event.currentTarget.value)}
        onScroll={({ currentTarget }) => {
          if (numbers.current) numbers.current.scrollTop = currentTarget.scrollTop
        }}
      />
    </div>
  )
}

function SaveDialog(props: { path: string; root: string; file: ConfigFile; text: string; onClose(): void }) {
  const { path, root, file, text, onClose } = props
  const { t } = useTranslation('experiments')
  const { t: tApp } = useTranslation()
  const save = useEngineCommand('experiments.config.save', {
    onSuccess: (saved) => {
      queryClient.setQueryData(keyOf('experiments.config.read', { path, root }), saved)
      invalidate('experiments.config.diff', 'experiments.matrix', 'experiments.hints', 'experiments.compare')
      onClose()
    },
    onError: (error) => toast({ look: 'failed', text: error.message }),
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('config.saveTitle')}
      width={720}
      footer={
        <>
          <Button onClick={onClose}>{tApp('actions.cancel')}</Button>
          <Button
            icon={Save}
            look="primary"
            isBusy={save.isPending}
            onClick={() => save.mutate({ path, root, hash: file.hash, text })}
          >
            {t('config.save')}
          </Button>
        </>
      }
    >
      <PatchView
        patch={unifiedDiff(file.text, text, { before: path, after: path })}
        label={t('config.diff')}
      />
    </Dialog>
  )
}

function CopyDialog(props: { path: string; root: string; onClose(): void; onCreated?(path: string): void }) {
  const { path, root, onClose, onCreated } = props
  const { t } = useTranslation('experiments')
  const { t: tApp } = useTranslation()
  const [name, setName] = useState(path.replace(/(\.ya?ml)$/, '_copy$1'))
  const create = useEngineCommand('experiments.config.create', {
    onSuccess: () => {
      invalidate('experiments.config')
      onClose()
      onCreated?.(name)
    },
    onError: (error) => toast({ look: 'failed', text: error.message }),
  })
  const perform = () => create.mutate({ from: path, path: name, root })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('config.copyTitle')}
      footer={
        <>
          <Button onClick={onClose}>{tApp('actions.cancel')}</Button>
          <Button icon={CopyPlus} look="primary" isBusy={create.isPending} onClick={perform}>
            {t('config.create')}
          </Button>
        </>
      }
    >
      <Field label={t('config.newPath')} hint={t('config.newPathHint', { path })}>
        <TextInput value={name} onChange={setName} onEnter={perform} isMono autoFocus />
      </Field>
    </Dialog>
  )
}
