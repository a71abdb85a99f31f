import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from './Button.tsx'
import { copyText } from './copyText.ts'

/** Copies a text and says so for a moment. With `children` a button with a word, without a plain icon. */
export function CopyButton(props: {
  text: string
  label?: string
  children?: string
  size?: 'normal' | 'small'
}) {
  const { t } = useTranslation()
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    if (!(await copyText(props.text))) return
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  const icon = isCopied ? Check : Copy
  if (props.children === undefined)
    return (
      <IconButton
        icon={icon}
        size={14}
        label={isCopied ? t('actions.copied') : (props.label ?? t('actions.copy'))}
        onClick={() => void copy()}
      />
    )
  return (
    <Button icon={icon} size={props.size} onClick={() => void copy()}>
      {isCopied ? t('actions.copied') : props.children}
    </Button>
  )
}
