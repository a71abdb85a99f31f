import { Plus } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { nextItemId } from '../../../../../shared/domain/launch/launchForm.ts'
import { Button } from '../../../ui/Button.tsx'
import { Check } from '../../../ui/Check.tsx'
import { TextInput } from '../../../ui/inputs.tsx'
import { ConfigDialog } from '../../experiments/config/ConfigDialog.tsx'
import { ArgumentRow } from './ArgumentRow.tsx'
import { argumentHelp } from './argumentWords.ts'
import { followJumps } from './fieldJump.ts'
import { isChanged, launchSections, unsetCount, valuesFromText } from './launchFields.ts'
import css from './launch.module.css'
import { useLaunch, useLaunchActions } from './launchStore.ts'

/** The script's arguments by section. */
export function ArgumentsPanel() {
  const { t, i18n } = useTranslation('train')
  const form = useLaunch((draft) => draft.form)
  const recorded = useLaunch((draft) => draft.recorded)
  const [hasUnset, setUnset] = useState(false)
  const [text, setText] = useState('')
  const [config, setConfig] = useState<string>()
  const sections = useMemo(
    () => launchSections(form, { unset: hasUnset, text }, ({ help }) => argumentHelp(help, i18n.language)),
    [form, hasUnset, text, i18n.language],
  )
  const unset = useMemo(() => unsetCount(form), [form])
  // A field that is hidden by the search, or not set, is looked for by its name.
  useEffect(() => followJumps((field) => setText(field.replace(/^-+/, ''))), [])
  return (
    <div className={css.arguments}>
      <div className={css.argumentFilter}>
        <TextInput value={text} onChange={setText} placeholder={t('form.find')} aria-label={t('form.find')} />
        <Check isOn={hasUnset} onChange={setUnset}>
          {t('form.showUnset', { count: unset })}
        </Check>
      </div>
      {sections.map(({ title, fields }) => (
        <section key={title} className={css.section} aria-label={title || t('form.otherSection')}>
          <h2>{title === '' ? t('form.otherSection') : t(`sections.${title}`, { defaultValue: title })}</h2>
          <div className={css.rows}>
            {fields.map((field) => (
              <ArgumentRow
                key={field.key}
                field={field}
                isChanged={field.item !== undefined && isChanged(recorded, form, field.item)}
                onOpenConfig={setConfig}
              />
            ))}
          </div>
        </section>
      ))}
      {sections.length === 0 && <p className={css.nothing}>{t('form.nothingFound')}</p>}
      <AddArgument />
      <ConfigDialog path={config} onClose={() => setConfig(undefined)} />
    </div>
  )
}

/** Adds an argument nobody described, as written in a terminal. */
function AddArgument() {
  const { t } = useTranslation('train')
  const { edit } = useLaunchActions()
  const [text, setText] = useState('')
  const [flag, ...values] = valuesFromText(text)
  const add = () => {
    if (flag === undefined || flag === '') return
    edit((form) => ({
      ...form,
      items: [
        ...form.items,
        flag.startsWith('-')
          ? { id: nextItemId(form), flag, style: 'space' as const, values }
          : { id: nextItemId(form), flag: null, style: 'space' as const, values: [flag, ...values] },
      ],
    }))
    setText('')
  }
  return (
    <div className={css.add}>
      <TextInput
        value={text}
        onChange={setText}
        onEnter={add}
        placeholder="--flag value"
        aria-label={t('form.add')}
        isMono
      />
      <Button
        icon={Plus}
        size="small"
        onClick={add}
        disabledReason={text.trim() === '' ? t('form.addFirst') : undefined}
      >
        {t('form.add')}
      </Button>
    </div>
  )
}
