import { Play, SquareTerminal } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { quoteShell } from '../../../../shared/domain/shellWords.ts'
import { invalidate, useEngineCommand, useEngineQuery } from '../../api/queries.ts'
import { useCommandList, type Command } from '../../app/commands.ts'
import { useRouteQuery } from '../../app/hashLocation.ts'
import { useWorkspace } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { copyText } from '../../ui/copyText.ts'
import { Page } from '../../ui/Page.tsx'
import { Failed, Skeleton } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.ts'
import { useSettled } from '../../ui/useSettled.ts'
import { askForNotices } from '../../app/notices.ts'
import { WorkspaceNeeded } from '../workspace/WorkspaceNeeded.tsx'
import { ChoicePanel } from './ChoicePanel.tsx'
import css from './EvaluatePage.module.css'
import { checkpointSources, requestOf, useEvaluateForm } from './evaluateForm.ts'
import { EvaluateTabs } from './EvaluateTabs.tsx'
import { OutcomesPanel } from './OutcomesPanel.tsx'
import { PlanPanel } from './PlanPanel.tsx'

/** From checkpoints to scores: choose them, see the commands and configs, start them, benchmark what they made. */
export function EvaluatePage() {
  const { t } = useTranslation('evaluate')
  const workspace = useWorkspace()
  const form = useEvaluateForm()
  const sources = useMemo(() => (workspace.data ? checkpointSources(workspace.data) : []), [workspace.data])
  useCheckpointsOfRoute()
  const request = useMemo(() => requestOf(form, workspace.root), [form, workspace.root])
  const settled = useSettled(request, 200)
  const plan = useEngineQuery(
    'evaluation.plan',
    settled ?? { workspace: '', checkpoints: ['-'], tasks: ['gen'] },
    { enabled: settled !== undefined, staleTime: 0, placeholderData: (previous) => previous },
  )
  const plans = request === undefined ? [] : (plan.data ?? [])
  const isLooking = request !== undefined && (request !== settled || plan.isFetching)
  const start = useEngineCommand('evaluation.start', {
    onSuccess: ({ processes, configs }) => {
      toast({ look: 'ok', text: t('started', { count: processes.length }), lastsMs: 5000 })
      if (configs.length > 0) invalidate('experiments.config')
      invalidate('evaluation.plan')
      useEvaluateForm.setState({ checkpoints: [] })
    },
    onError: (error) =>
      toast({ look: 'failed', text: [error.message, error.hint].filter(Boolean).join(' ') }),
  })
  const refused = plans.find(({ problem }) => problem !== null)
  const disabledReason =
    form.checkpoints.length === 0
      ? t('footer.chooseCheckpoint')
      : request === undefined
        ? t('footer.chooseTask')
        : plan.error
          ? plan.error.message
          : isLooking
            ? t('footer.wait')
            : (refused?.problem ?? undefined)
  const perform = () => {
    if (request === undefined || disabledReason !== undefined) return
    askForNotices()
    start.mutate({ ...request, ...(form.python === undefined ? {} : { python: form.python }) })
  }
  const keys: Command[] = [
    {
      id: 'evaluate.start',
      title: t('footer.start', { count: plans.length }),
      icon: Play,
      keys: 'mod+enter',
      scope: 'page',
      isForTyping: true,
      disabledReason,
      perform,
    },
  ]
  useCommandList('evaluate', keys)
  if (workspace.root === undefined) return <WorkspaceNeeded title={t('title')} />
  return (
    <Page
      title={t('title')}
      about={<EvaluateTabs />}
      fill
      footer={
        <>
          <span className={css.summary}>
            {plans.length > 0 &&
              t('footer.summary', {
                commands: t('footer.commands', { count: plans.length }),
                configs: t('footer.configs', {
                  count: plans.filter(({ configState }) => configState === 'new').length,
                }),
              })}
          </span>
          <Button
            icon={SquareTerminal}
            disabledReason={plans.length === 0 ? t('footer.chooseCheckpoint') : undefined}
            onClick={() => void copyText(plans.map(({ argv, env }) => quoteShell(argv, env)).join('\n'))}
          >
            {t('footer.copy')}
          </Button>
          <Button
            icon={Play}
            look="primary"
            keys="mod+enter"
            disabledReason={disabledReason}
            isBusy={start.isPending}
            onClick={perform}
          >
            {t('footer.start', { count: plans.length })}
          </Button>
        </>
      }
    >
      <div className={css.columns}>
        <div className={css.choices}>
          {workspace.error ? (
            <Failed error={workspace.error} retry={() => void workspace.refetch()} />
          ) : workspace.data ? (
            <ChoicePanel sources={sources} report={workspace.data} />
          ) : (
            <Skeleton lines={8} />
          )}
        </div>
        <div className={css.results}>
          <PlanPanel plans={plans} error={request === undefined ? null : plan.error} isLooking={isLooking} />
          <OutcomesPanel experiment={form.experiment ?? sources[0]?.experiment} />
        </div>
      </div>
    </Page>
  )
}

/** Checkpoints named in the address are chosen once. */
function useCheckpointsOfRoute(): void {
  const [query, change] = useRouteQuery()
  const wanted = query.getAll('checkpoint')
  useEffect(() => {
    if (wanted.length === 0) return
    change({ checkpoint: undefined })
    const experiment = wanted[0].split(/[\\/]/).at(-2)
    useEvaluateForm.setState({ checkpoints: wanted, ...(experiment === undefined ? {} : { experiment }) })
  })
}
