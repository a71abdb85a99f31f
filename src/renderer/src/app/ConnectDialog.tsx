import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toAppError } from '../../../shared/errors.ts'
import { parseEngineAddress } from '../api/address.ts'
import { goToEngine } from '../api/connection.ts'
import { queryClient } from '../api/queries.ts'
import { translateSentence } from '../i18n/sentences/index.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { TextInput } from '../ui/inputs.tsx'
import css from './dialogs.module.css'
import { closeDialog } from './dialogs.ts'

/** Address and token of an engine that runs on another machine. */
export function ConnectDialog({ isOpen }: { isOpen: boolean }) {
  const { t } = useTranslation()
  const [address, setAddress] = useState('')
  const [token, setToken] = useState('')
  const [error, setError] = useState<string>()
  const connect = async () => {
    try {
      await goToEngine(parseEngineAddress(address, token))
      queryClient.clear()
      setError(undefined)
      closeDialog()
    } catch (caught) {
      const { message, hint } = toAppError(caught)
      setError([message, hint ?? ''].map(translateSentence).join(' ').trim())
    }
  }
  return (
    <Dialog
      isOpen={isOpen}
      onClose={closeDialog}
      title={t('connection.dialogTitle')}
      footer={
        <>
          <Button onClick={closeDialog}>{t('actions.cancel')}</Button>
          <Button look="primary" onClick={() => void connect()}>
            {t('connection.connect')}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        <p className={css.about}>{t('connection.dialogAbout')}</p>
        <p className={css.about}>{t('connection.dialogNetwork')}</p>
        <Field label={t('connection.address')} error={error}>
          <TextInput
            value={address}
            onChange={setAddress}
            onEnter={() => void connect()}
            placeholder="http://127.0.0.1:4170/#token=…"
            isMono
            autoFocus
          />
        </Field>
        <Field label={t('connection.token')} hint={t('connection.tokenHint')}>
          <TextInput
            value={token}
            onChange={setToken}
            onEnter={() => void connect()}
            isMono
            type="password"
          />
        </Field>
      </div>
    </Dialog>
  )
}
