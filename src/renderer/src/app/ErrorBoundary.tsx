import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AppError } from '../../../shared/errors.ts'
import { Failed } from '../ui/states.tsx'

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

function Crashed({ error, retry }: { error: Error; retry(): void }) {
  const { t } = useTranslation()
  const shown = new AppError('internal', `${t('states.crashed')} ${error.message}`, {
    hint: t('states.crashedHint'),
    details: { stack: error.stack },
  })
  return <Failed error={shown} retry={retry} />
}
