import { FilePen, RotateCcw, X } from 'lucide-react'
import { memo, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { canonicalFlag } from '../../../../../shared/domain/launch/argumentSpec.ts'
import { valueFault } from '../../../../../shared/domain/launch/hints/settings.ts'
import { withItemValues, withoutItem } from '../../../../../shared/domain/launch/launchForm.ts'
import { isSecretName } from '../../../../../shared/domain/secrets.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { Check } from '../../../ui/Check.tsx'
import { classes } from '../../../ui/classes.ts'
import { Hint } from '../../../ui/Hint.tsx'
import { Select, TextInput } from '../../../ui/inputs.tsx'
import { argumentHelp } from './argumentWords.ts'
import { hintWords } from './hintWords.ts'
import { counterpart, itemText, withFieldText, withSwitch, type LaunchField } from './launchFields.ts'
import css from './launch.module.css'
import { useLaunchActions, type LaunchActions } from './launchStore.ts'

const boolWords = ['True', 'False']

type RowProps = {
  field: LaunchField
  isChanged: boolean
  onOpenConfig?: (path: string) => void
}

/** One argument: its name with help, its value as written, and ways to put it back or take it out. */
export const ArgumentRow = memo(function ArgumentRow({ field, isChanged, onOpenConfig }: RowProps) {
  const { t, i18n } = useTranslation('train')
  const actions = useLaunchActions()
  const id = useId()
  const { spec, item } = field
  const name = item?.flag ?? spec?.flag ?? ''
  const text = item ? itemText(item) : ''
  const fault = item && spec && item.values.length > 0 ? valueFault(spec, text) : undefined
  const problem = fault && hintWords(fault.text, fault.values, i18n.language).message
  const isYaml = /\.ya?ml$/.test(text) && onOpenConfig !== undefined
  return (
    <div className={classes(css.row, item === undefined && css.isUnset)} data-field={canonicalFlag(name)}>
      <Hint label={<ArgumentHelp field={field} />} position="left">
        <label htmlFor={id} className={css.name}>
          {isChanged && <i className={css.changedMark} aria-label={t('form.changed')} />}
          {name === '' ? t('form.word') : name.replace(/^--?/, '')}
          {spec?.isRequired && item === undefined && <em>{t('form.required')}</em>}
        </label>
      </Hint>
      <div className={css.value}>
        <ValueInput id={id} field={field} isInvalid={problem !== undefined} />
        {problem !== undefined && <p className={css.problem}>{problem}</p>}
      </div>
      <span className={css.rowActions}>
        {isYaml && (
          <IconButton
            icon={FilePen}
            size={14}
            label={t('form.openConfig')}
            onClick={() => onOpenConfig(text)}
          />
        )}
        {isChanged && item && (
          <IconButton
            icon={RotateCcw}
            size={14}
            label={t('form.putBack')}
            onClick={() => putBack(actions, field)}
          />
        )}
        {item && (
          <IconButton
            icon={X}
            size={14}
            label={t('form.remove', { name })}
            onClick={() => actions.edit((form) => withoutItem(form, item.id))}
          />
        )}
      </span>
    </div>
  )
})

function putBack({ draft, edit }: LaunchActions, { item }: LaunchField): void {
  const { form, recorded } = draft()
  if (!item || !recorded) return
  const before = counterpart(recorded, form, item)
  edit((present) =>
    before ? withItemValues(present, item.id, before.values) : withoutItem(present, item.id),
  )
}

function ArgumentHelp({ field: { spec, item } }: { field: LaunchField }) {
  const { t, i18n } = useTranslation('train')
  if (!spec) return t('form.notDescribed', { name: item?.flag ?? '' })
  return (
    <span className={css.help}>
      <strong>{spec.flag}</strong>
      <span>{argumentHelp(spec.help, i18n.language)}</span>
      <span className={css.helpFacts}>
        {t(`form.types.${spec.type}`)}
        {spec.default !== undefined && ` · ${t('form.default', { value: spec.default })}`}
      </span>
    </span>
  )
}

function ValueInput({ id, field, isInvalid }: { id: string; field: LaunchField; isInvalid: boolean }) {
  const { t } = useTranslation('train')
  const { edit } = useLaunchActions()
  const { spec, item } = field
  const text = item ? itemText(item) : ''
  const change = (changed: string) => edit((form) => withFieldText(form, field, changed))
  const placeholder = item ? '' : (spec?.default ?? '')
  if (spec?.type === 'switch' || (item?.flag != null && item.values.length === 0 && item.style === 'space'))
    return (
      <Check
        isOn={item !== undefined}
        onChange={(isOn) => edit((form) => withSwitch(form, field, isOn))}
        label={spec?.flag ?? item?.flag ?? ''}
      >
        <span className={css.faint}>{item ? t('form.on') : t('form.off')}</span>
      </Check>
    )
  const choices = spec?.type === 'bool' ? boolWords : spec?.type === 'choice' ? (spec.choices ?? []) : []
  if (choices.length > 0)
    return (
      <Select
        id={id}
        value={item ? text : undefined}
        // A spelling such as `true` stays as it was written.
        options={[...new Set(item ? [...choices, text] : choices)].map((value) => ({ value, label: value }))}
        onChange={change}
        placeholder={placeholder}
        aria-invalid={isInvalid || undefined}
      />
    )
  return (
    <TextInput
      id={id}
      value={text}
      onChange={change}
      placeholder={placeholder}
      isMono
      type={isSecretName(spec?.flag ?? item?.flag ?? '') ? 'password' : 'text'}
      aria-invalid={isInvalid || undefined}
    />
  )
}
