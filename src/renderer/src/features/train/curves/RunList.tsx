import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrainingRun } from '../../../../../shared/contract/training.ts'
import { Check } from '../../../ui/Check.tsx'
import { formatCount, formatNumber } from '../../../ui/format.ts'
import { TextInput } from '../../../ui/inputs.tsx'
import { Moment } from '../../../ui/Moment.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { Status } from '../../../ui/Status.tsx'
import css from './curves.module.css'
import { asWritten } from './logClock.ts'
import { runColor } from './runColors.ts'

/** The runs of the workspace: a click shows one, a tick adds it to the plots. */
export function RunList(props: {
  runs: readonly TrainingRun[]
  chosen: readonly TrainingRun[]
  onToggle(run: TrainingRun, isOnly: boolean): void
}) {
  const { runs, chosen, onToggle } = props
  const { t } = useTranslation('train')
  const [text, setText] = useState('')
  const list = useRef<HTMLUListElement>(null)
  // A link may open a run far down the list; later choices are made where they are.
  useEffect(() => {
    list.current?.querySelector('[data-chosen]')?.scrollIntoView({ block: 'nearest' })
  }, [])
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    return runs.filter(({ id }) => id.toLowerCase().includes(wanted))
  }, [runs, text])
  return (
    <Panel flush className={css.runs}>
      <div className={css.runFilter}>
        <TextInput
          value={text}
          onChange={setText}
          placeholder={t('curves.find')}
          aria-label={t('curves.find')}
        />
      </div>
      <ul ref={list} className={css.runList} aria-label={t('curves.runs')}>
        {shown.map((run) => {
          const place = chosen.findIndex(({ id }) => id === run.id)
          return (
            <li key={run.id} className={css.run} data-chosen={place >= 0 || undefined}>
              <Check
                isOn={place >= 0}
                onChange={() => onToggle(run, false)}
                label={t('curves.show', { run: run.experiment })}
                isDisabled={run.keys.length === 0}
              />
              <button type="button" onClick={() => onToggle(run, true)} title={run.id}>
                <span className={css.runName}>
                  {place >= 0 && <i style={{ background: `var(${runColor(place)})` }} aria-hidden />}
                  {run.experiment}
                </span>
                <span className={css.runLoss}>
                  {typeof run.lastLoss === 'number' ? formatNumber(run.lastLoss, 3) : (run.lastLoss ?? '')}
                </span>
                <span className={css.runFacts}>
                  {run.lastStep === null
                    ? t('curves.noSteps')
                    : t('curves.steps', { steps: formatCount(run.lastStep), count: run.lastStep })}
                  {run.endedAt !== null && (
                    <>
                      {' · '}
                      <Moment at={asWritten(run.endedAt).getTime()} />
                    </>
                  )}
                </span>
                <RunState run={run} />
              </button>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

function RunState({ run }: { run: TrainingRun }) {
  const worst =
    run.anomalies.find(({ severity }) => severity === 'error') ??
    run.anomalies.find(({ severity }) => severity === 'warning')
  if (!worst) return <span />
  return <Status look={worst.severity === 'error' ? 'failed' : 'warning'} label={worst.message} />
}
