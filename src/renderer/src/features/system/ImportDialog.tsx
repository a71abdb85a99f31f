import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { invalidate, useEngineCommand } from '../../api/queries.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { TextInput } from '../../ui/inputs.tsx'
import { toast } from '../../ui/toasts.ts'
import css from './SystemPage.module.css'

/** Imports a weight file by its path on the engine's machine. */
export function ImportDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { t } = useTranslation('system')
  const { t: tApp } = useTranslation()
  const [path, setPath] = useState('')
  const importing = useEngineCommand('models.import', {
    onSuccess: ({ title }) => {
      invalidate('models.', 'system.', 'benchmark.preflight')
      toast({ look: 'ok', text: t('weights.imported', { title }), lastsMs: 5000 })
      setPath('')
      onClose()
    },
  })
  const submit = () => {
    if (path.trim() !== '') importing.mutate({ path: path.trim() })
  }
  const { error } = importing
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('weights.importTitle')}
      footer={
        <>
          <Button onClick={onClose}>{tApp('actions.cancel')}</Button>
          <Button look="primary" isBusy={importing.isPending} onClick={submit}>
            {t('weights.import')}
          </Button>
        </>
      }
    >
      <div className={css.importForm}>
        <p>{t('weights.importAbout')}</p>
        <Field
          label={t('weights.path')}
          error={error ? [error.message, error.hint].filter(Boolean).join(' ') : undefined}
        >
          <TextInput value={path} onChange={setPath} onEnter={submit} isMono autoFocus />
        </Field>
      </div>
    </Dialog>
  )
}
