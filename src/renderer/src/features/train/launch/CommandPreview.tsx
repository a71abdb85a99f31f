import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { commandFromForm, type LaunchForm } from '../../../../../shared/domain/launch/launchForm.ts'
import { isSecretName, maskValue } from '../../../../../shared/domain/secrets.ts'
import { quoteShell, quoteShellWord } from '../../../../../shared/domain/shellWords.ts'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { isChanged } from './launchFields.ts'
import css from './launch.module.css'

type Part = { text: string; look: 'env' | 'program' | 'flag' | 'value'; isChanged: boolean }

/** The exact command as a shell needs it; secrets are hidden here and whole in the copy. */
export function CommandPreview({ form, recorded }: { form: LaunchForm; recorded?: LaunchForm }) {
  const { t } = useTranslation('train')
  const parts = useMemo(() => commandParts(form, recorded), [form, recorded])
  const { argv, env } = commandFromForm(form)
  return (
    <div className={css.preview}>
      <code className={css.command} tabIndex={0} aria-label={t('preview.title')} translate="no">
        {parts.map(({ text, look, isChanged: isNew }, index) => (
          <span key={index} data-look={look} data-changed={isNew || undefined}>
            {`${text} `}
          </span>
        ))}
      </code>
      <CopyButton text={quoteShell(argv, env)} label={t('preview.copy')} />
    </div>
  )
}

function commandParts(form: LaunchForm, recorded: LaunchForm | undefined): Part[] {
  const before = new Map(recorded?.env.map(({ name, value }) => [name, value]))
  const hidden = (name: string, value: string) =>
    isSecretName(name) ? maskValue(name, value) : value === '' ? "''" : quoteShellWord(value)
  return [
    ...form.env.map(({ name, value }): Part => ({
      text: `${name}=${value === '' ? '' : hidden(name, value)}`,
      look: 'env',
      isChanged: recorded !== undefined && before.get(name) !== value,
    })),
    ...form.stages.flatMap(({ program, items }): Part[] => [
      { text: quoteShellWord(program), look: 'program', isChanged: false },
      ...items.map((item): Part => ({ text: wordsOf(item, hidden), look: 'value', isChanged: false })),
    ]),
    ...(form.script === null
      ? []
      : [
          {
            text: quoteShellWord(form.script),
            look: 'program' as const,
            isChanged: recorded !== undefined && recorded.script !== form.script,
          },
        ]),
    ...form.items.map((item): Part => ({
      text: wordsOf(item, hidden),
      look: item.flag === null ? 'value' : 'flag',
      isChanged: isChanged(recorded, form, item),
    })),
  ]
}

function wordsOf(
  { flag, style, values }: LaunchForm['items'][number],
  shown: (name: string, value: string) => string,
): string {
  const words = values.map((value) => shown(flag ?? '', value))
  if (flag === null) return words.join(' ')
  return style === 'equals' ? `${flag}=${words[0] ?? ''}` : [flag, ...words].join(' ')
}
