import { SegmentedControl } from '@mantine/core'
import { X, ZoomOut } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrainingRun } from '../../../../../shared/contract/training.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Facts } from '../../../ui/Facts.tsx'
import { formatCount, formatDuration, formatNumber } from '../../../ui/format.ts'
import { Panel } from '../../../ui/Panel.tsx'
import { Select } from '../../../ui/inputs.tsx'
import { AnomalyList } from './AnomalyList.tsx'
import { CheckpointTable } from './CheckpointTable.tsx'
import css from './curves.module.css'
import { keyTitle, mainKeys, sortedKeys } from './keys.ts'
import type { PlotRange } from './plotData.ts'
import { runColor } from './runColors.ts'
import { SeriesPanel } from './SeriesPanel.tsx'

/** The plots of the chosen runs, and what else is known of the first one. */
export function RunCurves({ workspace, runs }: { workspace: string; runs: readonly TrainingRun[] }) {
  const { t } = useTranslation('train')
  const all = useMemo(() => sortedKeys(runs.flatMap(({ keys }) => keys)), [runs])
  const [keys, setKeys] = useState<string[]>(() =>
    mainKeys(runs.flatMap((run) => run.keys)).map(({ id }) => id),
  )
  const [x, setX] = useState<'step' | 'time'>('step')
  const [range, setRange] = useState<PlotRange>()
  const rest = all.filter(({ id }) => !keys.includes(id))
  return (
    <div className={css.detail}>
      <div className={css.toolbar}>
        <SegmentedControl
          aria-label={t('curves.by')}
          data={[
            { value: 'step', label: t('curves.byStep') },
            { value: 'time', label: t('curves.byTime') },
          ]}
          value={x}
          onChange={(value) => {
            setX(value as 'step' | 'time')
            setRange(undefined)
          }}
        />
        <div className={css.addKey}>
          <Select
            aria-label={t('curves.add')}
            placeholder={t('curves.add')}
            value={undefined}
            isSearchable
            options={rest.map((key) => ({ value: key.id, label: keyTitle(key) }))}
            onChange={(id) => setKeys([...keys, id])}
          />
        </div>
        {range && (
          <Button icon={ZoomOut} size="small" onClick={() => setRange(undefined)}>
            {t('curves.whole')}
          </Button>
        )}
        <ul className={css.legend}>
          {runs.length > 1 &&
            runs.map((run, index) => (
              <li key={run.id}>
                <i style={{ background: `var(${runColor(index)})` }} aria-hidden />
                {run.experiment}
              </li>
            ))}
        </ul>
      </div>
      <div className={css.body}>
        <div className={css.plots}>
          {keys.map((id) => (
            <SeriesPanel
              key={id}
              workspace={workspace}
              runs={runs}
              keyId={id}
              x={x}
              range={range}
              onZoom={setRange}
              actions={
                <IconButton
                  icon={X}
                  size={14}
                  label={t('curves.remove')}
                  onClick={() => setKeys(keys.filter((key) => key !== id))}
                />
              }
            />
          ))}
          {keys.length === 0 && <p className={css.noPoints}>{t('curves.chooseKey')}</p>}
        </div>
        <div className={css.side}>
          {runs.map((run) => (
            <RunSide
              key={run.id}
              workspace={workspace}
              run={run}
              onShow={(step) => {
                setX('step')
                setRange(around(step, run))
              }}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

/** A fiftieth of a run, at least a hundred steps, with the given one in the middle. */
function around(step: number, { firstStep, lastStep }: TrainingRun): PlotRange {
  const half = Math.max(50, ((lastStep ?? step) - (firstStep ?? 0)) / 100)
  return { from: step - half, to: step + half }
}

function RunSide(props: { workspace: string; run: TrainingRun; onShow(step: number): void }) {
  const { workspace, run, onShow } = props
  const { t } = useTranslation('train')
  const { facts } = run
  const args = facts.trainingArgs
  return (
    <>
      <Panel title={run.experiment} note={t('curves.launches', { count: run.launches.length })}>
        <Facts
          facts={[
            [t('curves.metricLines'), formatCount(run.metricLines)],
            [
              t('curves.span'),
              run.startedAt !== null && run.endedAt !== null
                ? formatDuration(run.endedAt - run.startedAt)
                : null,
            ],
            ['learning_rate', args?.['learning_rate']],
            ['per_device_train_batch_size', args?.['per_device_train_batch_size']],
            ['gradient_accumulation_steps', facts.gradientAccumulationSteps],
            [t('size.entries'), facts.totalEntries === undefined ? null : formatCount(facts.totalEntries)],
            [
              t('curves.trainable'),
              facts.trainableParameters === undefined
                ? null
                : `${formatCount(facts.trainableParameters)}${facts.trainablePercent === undefined ? '' : ` (${formatNumber(facts.trainablePercent, 3)} %)`}`,
            ],
          ]}
        />
        {facts.notes?.map((note) => (
          <p key={note} className={css.faint}>
            {note}
          </p>
        ))}
      </Panel>
      <Panel title={t('checkpoints.title')} note={run.experiment} flush>
        <CheckpointTable workspace={workspace} run={run} />
      </Panel>
      <Panel title={t('anomalies.title')} note={String(run.anomalies.length)}>
        <AnomalyList anomalies={run.anomalies} onShow={onShow} />
      </Panel>
    </>
  )
}
