/** The three states of a view besides "ready": empty, loading, failed. */
import { CircleAlert, Copy, RotateCw } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AppError } from '../../../shared/errors.ts'
import { useSentence } from '../i18n/sentences/index.ts'
import { Button } from './Button.tsx'
import { classes } from './classes.ts'
import { copyText } from './copyText.ts'
import css from './states.module.css'

/** What belongs here, in one sentence, and the button that starts it. */
export function Empty({
  children,
  action,
  note,
}: {
  children: ReactNode
  action?: ReactNode
  note?: ReactNode
}) {
  return (
    <div className={css.state}>
      <p className={css.sentence}>{children}</p>
      {note !== undefined && <p className={css.note}>{note}</p>}
      {action}
    </div>
  )
}

/** What happened, why, and what to try. */
export function Failed(props: { error: unknown; retry?: () => void; isInline?: boolean }) {
  const { t } = useTranslation()
  const { error, retry, isInline } = props
  const sentence = useSentence()
  const message = sentence(error instanceof Error ? error.message : String(error))
  const hint = error instanceof AppError && error.hint !== undefined ? sentence(error.hint) : undefined
  return (
    <div className={classes(css.state, css.failed, isInline && css.inline)} role="alert">
      <p className={css.sentence}>
        <CircleAlert size={16} strokeWidth={1.75} aria-hidden />
        <span>{message || t('states.failed')}</span>
      </p>
      {hint !== undefined && <p className={css.note}>{hint}</p>}
      <div className={css.actions}>
        {retry && (
          <Button size="small" icon={RotateCw} onClick={retry}>
            {t('states.tryAgain')}
          </Button>
        )}
        <Button size="small" look="quiet" icon={Copy} onClick={() => void copyText(describeError(error))}>
          {t('states.copyDetails')}
        </Button>
      </div>
    </div>
  )
}

/** An error with everything known about it, for a bug report or a colleague. */
function describeError(error: unknown): string {
  if (error instanceof AppError) return JSON.stringify(error.toData(), null, 2)
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** Bars in the places of lines to come; the word appears only when it takes longer. */
export function Skeleton({ lines = 6, height }: { lines?: number; height?: string }) {
  const { t } = useTranslation()
  const isSlow = useDelay(300)
  return (
    <div className={css.skeleton} style={height === undefined ? undefined : { height }} aria-busy="true">
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} style={{ width: `${88 - ((index * 37) % 41)}%` }} />
      ))}
      {isSlow && <em role="status">{t('states.loading')}</em>}
    </div>
  )
}

function useDelay(ms: number): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return isOver
}

/** Draws the state of a question: its answer when there is one, else loading or the failure. */
export function Answer<Value>(props: {
  query: { data: Value | undefined; error: unknown; refetch(): unknown }
  skeleton?: ReactNode
  children: (value: Value) => ReactNode
}) {
  const { query, skeleton, children } = props
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  return skeleton ?? <Skeleton />
}
