import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { TextInput } from '../../ui/inputs.tsx'
import { useImport } from './useImport.ts'

/** Asks for the path of a lab book, on the engine's machine. */
export function ImportDialog(props: {
  isOpen: boolean
  onClose(): void
  /** The lab book found in the workspace. */
  suggestion: string
  root: string | undefined
}) {
  const { isOpen, onClose, suggestion, root } = props
  const { t } = useTranslation('experiments')
  const { t: tApp } = useTranslation()
  const [path, setPath] = useState<string>()
  const shown = path ?? (suggestion || (root === undefined ? '' : `${root}/record.md`))
  const read = useImport(onClose)
  const perform = () => read.mutate({ path: shown, ...(root === undefined ? {} : { root }) })
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('import.title')}
      footer={
        <>
          <Button onClick={onClose}>{tApp('actions.cancel')}</Button>
          <Button
            look="primary"
            isBusy={read.isPending}
            disabledReason={shown.trim() === '' ? t('import.pathFirst') : undefined}
            onClick={perform}
          >
            {t('import.read')}
          </Button>
        </>
      }
    >
      <Field label={t('import.path')} hint={t('import.pathHint')}>
        <TextInput value={shown} onChange={setPath} onEnter={perform} isMono autoFocus />
      </Field>
    </Dialog>
  )
}
