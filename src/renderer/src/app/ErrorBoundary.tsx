import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AppError } from '../../../shared/errors.ts'
import { Button } from '../ui/Button.tsx'
import { Empty, Failed } from '../ui/states.tsx'

/** Keeps an error of one page from taking the window with it. A new `resetKey` tries again. */
export class ErrorBoundary extends Component<{ resetKey: string; children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {}

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override componentDidUpdate(before: { resetKey: string }) {
    if (before.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: undefined })
  }

  override render() {
    const { error } = this.state
    return error ? (
      <Crashed error={error} retry={() => this.setState({ error: undefined })} />
    ) : (
      this.props.children
    )
  }
}

/** Pages are loaded when they are opened first; after an update their files have other names. */
const isOutdatedPage = (error: Error) => /dynamically imported module|preload CSS/i.test(error.message)

function Crashed({ error, retry }: { error: Error; retry(): void }) {
  const { t } = useTranslation()
  if (isOutdatedPage(error))
    return (
      <Empty action={<Button onClick={() => location.reload()}>{t('states.reload')}</Button>}>
        {t('states.outdated')}
      </Empty>
    )
  const shown = new AppError('internal', `${t('states.crashed')} ${error.message}`, {
    hint: t('states.crashedHint'),
    details: { stack: error.stack },
  })
  return <Failed error={shown} retry={retry} />
}
