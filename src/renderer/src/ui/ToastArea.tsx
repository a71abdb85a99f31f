import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSentence } from '../i18n/sentences/index.ts'
import { Button, IconButton } from './Button.tsx'
import { Status } from './Status.tsx'
import css from './ToastArea.module.css'
import { dismissToast, useToasts } from './toasts.ts'

/** Where notices appear: read out politely, never over the job line. */
export function ToastArea() {
  const { t } = useTranslation()
  // What failed is said in the words of the engine.
  const sentence = useSentence()
  const toasts = useToasts((state) => state.toasts)
  return (
    <div className={css.area} role="status" aria-live="polite">
      {toasts.map(({ id, text, look, action }) => (
        <div key={id} className={css.toast}>
          {look === 'plain' ? (
            <span>{sentence(text)}</span>
          ) : (
            <Status look={look === 'ok' ? 'ok' : 'failed'}>
              {<span className={css.text}>{sentence(text)}</span>}
            </Status>
          )}
          {action && (
            <Button
              size="small"
              onClick={() => {
                action.perform()
                dismissToast(id)
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton icon={X} size={14} label={t('actions.dismiss')} onClick={() => dismissToast(id)} />
        </div>
      ))}
    </div>
  )
}
