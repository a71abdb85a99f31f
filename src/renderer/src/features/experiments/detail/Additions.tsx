import { Plus, Tag, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExperimentDetail } from '../../../../../shared/contract/experiments.ts'
import { invalidate, useEngineCommand } from '../../../api/queries.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { TextInput } from '../../../ui/inputs.tsx'
import { Moment } from '../../../ui/Moment.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { toast } from '../../../ui/toasts.ts'
import css from '../experiments.module.css'

const onSuccess = () => invalidate('experiments.show', 'experiments.tree')
const onError = (error: Error) => void toast({ look: 'failed', text: error.message })

/** Notes added in the studio. They stay when the lab book is read again, and are never written into it. */
export function Additions({ detail }: { detail: ExperimentDetail }) {
  const { t } = useTranslation('experiments')
  const [text, setText] = useState('')
  const add = useEngineCommand('experiments.annotate', {
    onSuccess: () => {
      setText('')
      onSuccess()
    },
    onError,
  })
  const remove = useEngineCommand('experiments.removeAddition', { onSuccess, onError })
  const notes = detail.additions.filter(({ kind }) => kind === 'note')
  return (
    <Panel title={t('own.title')} note={t('own.about')}>
      {notes.map(({ id, text: note, createdAt }) => (
        <div key={id} className={css.ownNote}>
          <p>{note}</p>
          <span className={css.faint}>
            <Moment at={createdAt} />
          </span>
          <IconButton icon={Trash2} size={13} label={t('own.remove')} onClick={() => remove.mutate({ id })} />
        </div>
      ))}
      <div className={css.ownForm}>
        <textarea
          className={css.area}
          rows={2}
          value={text}
          placeholder={t('own.placeholder')}
          aria-label={t('own.placeholder')}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button
          size="small"
          icon={Plus}
          isBusy={add.isPending}
          disabledReason={text.trim() === '' ? t('own.textFirst') : undefined}
          onClick={() => add.mutate({ experimentId: detail.id, kind: 'note', text: text.trim() })}
        >
          {t('own.add')}
        </Button>
      </div>
    </Panel>
  )
}

/** The tags of an experiment, to find it again in the tree. */
export function TagEditor({ detail }: { detail: ExperimentDetail }) {
  const { t } = useTranslation('experiments')
  const [isOpen, setOpen] = useState(false)
  const [text, setText] = useState('')
  const add = useEngineCommand('experiments.annotate', { onSuccess, onError })
  const remove = useEngineCommand('experiments.removeAddition', { onSuccess, onError })
  const perform = () => {
    if (text.trim() !== '')
      add.mutate({ experimentId: detail.id, kind: 'tag', text: text.trim().slice(0, 40) })
    setText('')
    setOpen(false)
  }
  return (
    <span className={css.tags}>
      {detail.additions
        .filter(({ kind }) => kind === 'tag')
        .map(({ id, text: tag }) => (
          <span key={id} className={css.tag}>
            {tag}
            <button
              type="button"
              aria-label={t('tags.remove', { tag })}
              onClick={() => remove.mutate({ id })}
            >
              <X size={11} aria-hidden />
            </button>
          </span>
        ))}
      {isOpen ? (
        <span className={css.tagInput}>
          <TextInput value={text} onChange={setText} onEnter={perform} aria-label={t('tags.add')} autoFocus />
        </span>
      ) : (
        <IconButton icon={Tag} size={14} label={t('tags.add')} onClick={() => setOpen(true)} />
      )}
    </span>
  )
}
