import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import css from './Dialog.module.css'

/** A window over the page: title, content, and its buttons at the lower right. Escape and a click outside close it. */
export function Dialog(props: {
  isOpen: boolean
  onClose(): void
  title: string
  footer?: ReactNode
  width?: number
  children: ReactNode
}) {
  const { isOpen, onClose, title, footer, width = 520, children } = props
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      size={width}
      yOffset="12vh"
      transitionProps={{ duration: 100, transition: 'fade' }}
    >
      {children}
      {footer !== undefined && <div className={css.footer}>{footer}</div>}
    </Modal>
  )
}
