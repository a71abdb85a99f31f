import { Modal } from '@mantine/core'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './Button.tsx'
import { classes } from './classes.ts'
import css from './Dialog.module.css'

/**
 * A window over the page: title, content, and its buttons at the lower right. Escape and a click outside close it.
 * `isBare` leaves the title to those who cannot see, for a window that is one field.
 */
export function Dialog(props: {
  isOpen: boolean
  onClose(): void
  title: string
  footer?: ReactNode
  width?: number
  isBare?: boolean
  children: ReactNode
}) {
  const { isOpen, onClose, title, footer, width = 520, isBare, children } = props
  const { t } = useTranslation()
  return (
    <Modal.Root
      opened={isOpen}
      onClose={onClose}
      size={width}
      yOffset={isBare ? '10vh' : '12vh'}
      // What goes, goes at once: another window may be taking its place.
      transitionProps={{ duration: isBare ? 0 : 120, exitDuration: 0, transition: 'fade' }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes(css.header, isBare && 'visuallyHidden')}>
          <Modal.Title>{title}</Modal.Title>
          {!isBare && <IconButton icon={X} label={t('actions.close')} onClick={onClose} />}
        </div>
        <div className={isBare ? undefined : css.body}>{children}</div>
        {footer !== undefined && <div className={css.footer}>{footer}</div>}
      </Modal.Content>
    </Modal.Root>
  )
}
