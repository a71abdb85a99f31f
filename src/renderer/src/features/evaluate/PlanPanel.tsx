import { SquarePen } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PlannedEvaluation } from '../../../../shared/contract/evaluation.ts'
import { formFromCommand } from '../../../../shared/domain/launch/launchForm.ts'
import { quoteShell } from '../../../../shared/domain/shellWords.ts'
import { goTo } from '../../app/hashLocation.ts'
import { IconButton } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { DataTable, type Column } from '../../ui/DataTable.tsx'
import { formatCount } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { Empty, Failed, Skeleton } from '../../ui/states.tsx'
import { Status } from '../../ui/Status.tsx'
import { openDraft } from '../train/launch/launchStore.ts'
import css from './EvaluatePage.module.css'

type Props = { plans: readonly PlannedEvaluation[]; error: unknown; isLooking: boolean }

/** The commands that would be started, in their order; the chosen one with its config below. */
export function PlanPanel({ plans, error, isLooking }: Props) {
  const { t } = useTranslation('evaluate')
  const columns = useColumns()
  const [chosen, setChosen] = useState<string>()
  const shown = plans.find((plan) => keyOf(plan) === chosen) ?? plans[0]
  return (
    <Panel title={t('plan.title')} note={plans.length > 0 ? t('plan.note') : undefined} flush>
      {error !== null ? (
        <Failed error={error} />
      ) : plans.length > 0 ? (
        <>
          <DataTable
            label={t('plan.title')}
            rows={plans}
            columns={columns}
            rowKey={keyOf}
            selectedKey={keyOf(shown)}
            onSelect={(plan) => setChosen(keyOf(plan))}
          />
          <PlanDetails plan={shown} />
        </>
      ) : isLooking ? (
        <Skeleton lines={3} />
      ) : (
        <Empty>{t('plan.empty')}</Empty>
      )}
    </Panel>
  )
}

const keyOf = ({ checkpoint, task }: PlannedEvaluation) => `${checkpoint} ${task}`

function useColumns(): Column<PlannedEvaluation>[] {
  const { t } = useTranslation('evaluate')
  return useMemo(
    () => [
      {
        id: 'checkpoint',
        title: t('plan.checkpoint'),
        cell: ({ experiment, step }) => (
          <>
            <strong className={css.name}>{experiment}</strong>
            {step !== null && <span className={css.stepOf}>{formatCount(step)}</span>}
          </>
        ),
      },
      { id: 'task', title: t('plan.task'), cell: ({ task }) => t(`tasks.names.${task}`) },
      { id: 'maps', title: t('tasks.maps'), cell: ({ maps }) => maps.join(', ') },
      {
        id: 'config',
        title: t('plan.config'),
        cell: ({ problem, configState, config }) =>
          problem === null ? (
            <Status look={configState === 'new' ? 'waiting' : 'ok'}>
              {config.replace(/^csgo_configs\//, '')}
              <span className={css.faint}>{t(`plan.states.${configState}`)}</span>
            </Status>
          ) : (
            <Status look="failed">{problem}</Status>
          ),
      },
    ],
    [t],
  )
}

function PlanDetails({ plan }: { plan: PlannedEvaluation }) {
  const { t } = useTranslation('evaluate')
  const { argv, env, edits, base, configState, config, experiment, resultFolder } = plan
  const shell = quoteShell(argv, env)
  const form = () => {
    const draft = formFromCommand({ argv, env })
    goTo(openDraft({ form: draft, recorded: draft, experiment, origin: t('plan.origin') }))
  }
  return (
    <div className={css.plan}>
      <div className={css.planCommand}>
        <code translate="no">{shell}</code>
        <CopyButton text={shell} />
        <IconButton icon={SquarePen} size={14} label={t('plan.open')} onClick={form} />
      </div>
      {edits.length > 0 && base !== null && (
        <>
          <p className={css.faint}>
            {configState === 'new' ? t('plan.copyOf', { config, base }) : t('plan.saysAlready', { config })}
          </p>
          <dl className={css.edits}>
            {edits.map(({ key, before, after }) => (
              <div key={key}>
                <dt>{key}</dt>
                <dd>
                  {before !== null && <del>{before}</del>} <ins>{after}</ins>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <p className={css.faint}>{t('plan.results', { folder: resultFolder })}</p>
    </div>
  )
}
