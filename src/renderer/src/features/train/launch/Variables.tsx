import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withEnv, type LaunchForm } from '../../../../../shared/domain/launch/launchForm.ts'
import { isSecretName } from '../../../../../shared/domain/secrets.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { TextInput } from '../../../ui/inputs.tsx'
import css from './launch.module.css'
import { useLaunchActions } from './launchStore.ts'

/** The environment variables a command sets itself; secrets are hidden. */
export function Variables({ form }: { form: LaunchForm }) {
  const { t } = useTranslation('train')
  const { edit } = useLaunchActions()
  const [name, setName] = useState('')
  const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
  const add = () => {
    if (!isName) return
    edit((present) => withEnv(present, name, ''))
    setName('')
  }
  return (
    <div className={css.variables} role="group" aria-label={t('launcher.variables')}>
      {form.env.map(({ name: variable, value }) => (
        <div key={variable} className={css.row} data-field={variable}>
          <span className={css.name}>{variable}</span>
          <TextInput
            value={value}
            aria-label={variable}
            onChange={(changed) => edit((present) => withEnv(present, variable, changed))}
            isMono
            type={isSecretName(variable) ? 'password' : 'text'}
          />
          <span className={css.rowActions}>
            <IconButton
              icon={X}
              size={14}
              label={t('form.remove', { name: variable })}
              onClick={() => edit((present) => withEnv(present, variable, undefined))}
            />
          </span>
        </div>
      ))}
      <div className={css.row}>
        <TextInput
          value={name}
          onChange={setName}
          onEnter={add}
          placeholder={t('launcher.variable')}
          aria-label={t('launcher.variable')}
          isMono
        />
        <span />
        <span className={css.rowActions}>
          <IconButton
            icon={Plus}
            size={14}
            label={t('launcher.addVariable')}
            disabledReason={isName ? undefined : t('launcher.nameFirst')}
            onClick={add}
          />
        </span>
      </div>
    </div>
  )
}
