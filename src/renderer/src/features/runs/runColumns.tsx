/** The columns that say which run a row is. */
import type { RunSummary } from '../../../../shared/contract/runs.ts'
import type { StatusLook } from '../../ui/Status.tsx'
import css from './RunsPage.module.css'

export const runLooks: Record<RunSummary['status'], StatusLook> = {
  running: 'running',
  done: 'ok',
  failed: 'failed',
  cancelled: 'off',
  interrupted: 'warning',
}

/** `exp8_gen / test_2026…` with the experiment in front. */
export function RunLabel({ label }: { label: string }) {
  const [experiment, ...rest] = label.split(' / ')
  return (
    <span className={css.label} title={label} translate="no">
      <strong>{experiment}</strong>
      {rest.length > 0 && <small>{rest.join(' / ')}</small>}
    </span>
  )
}
