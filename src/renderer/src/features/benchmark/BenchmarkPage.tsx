import { Play, SquareTerminal } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { metricsOfGroups } from '../../../../shared/domain/metricCatalog.ts'
import { engine } from '../../api/connection.ts'
import { useCommandList, type Command } from '../../app/commands.ts'
import { goTo, useRouteQuery } from '../../app/hashLocation.ts'
import { useWorkspace } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { copyText } from '../../ui/copyText.ts'
import { formatCount } from '../../ui/format.ts'
import { Page } from '../../ui/Page.tsx'
import { Failed } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.ts'
import { WorkspaceNeeded } from '../workspace/WorkspaceNeeded.tsx'
import { commandsOf, requestsOf, targetsOf, useBenchmarkForm, type BenchmarkInput } from './benchmarkForm.ts'
import css from './BenchmarkPage.module.css'
import { MetricsPanel } from './MetricsPanel.tsx'
import { OptionsPanel, ProtocolPanel } from './OptionsPanel.tsx'
import { PreflightPanel } from './PreflightPanel.tsx'
import { SourcePanel } from './SourcePanel.tsx'
import { usePreflight } from './usePreflight.ts'

/** Chooses what is measured and how, shows what that means before anything starts, and starts it. */
export function BenchmarkPage() {
  const { t } = useTranslation('benchmark')
  const workspace = useWorkspace()
  const form = useBenchmarkForm()
  const runs = useMemo(() => workspace.data?.evaluationRuns ?? [], [workspace.data])
  useRunsOfRoute(workspace.data !== undefined)
  const requests = useMemo(() => requestsOf(form, workspace.root ?? '', runs), [form, workspace.root, runs])
  const preflight = usePreflight(requests)
  const start = useStart()

  const targetsChosen = requests.length > 0
  const disabledReason =
    form.groups.length === 0
      ? t('footer.chooseMetrics')
      : !targetsChosen
        ? t(form.source === 'folders' ? 'footer.chooseFolders' : 'footer.chooseTargets')
        : preflight.error
          ? t('footer.fix')
          : preflight.isLooking
            ? t('footer.wait')
            : undefined
  const commandText =
    preflight.targets.length > 0 && !preflight.isLooking ? commandsOf(form, preflight.targets) : undefined
  const keys = useMemo(
    (): Command[] => [
      {
        id: 'benchmark.run',
        title: t('footer.run'),
        icon: Play,
        keys: 'mod+enter',
        scope: 'page',
        isForTyping: true,
        disabledReason,
        perform: () => start.mutate(requests),
      },
    ],
    [t, disabledReason, start, requests],
  )
  useCommandList('benchmark', keys)

  if (workspace.root === undefined) return <WorkspaceNeeded title={t('title')} />
  const measured = metricsOfGroups(form.groups).filter((id) => !preflight.skipped.has(id))
  const pairs = preflight.targets.reduce((sum, target) => sum + target.pairs, 0)
  return (
    <Page
      title={t('title')}
      fill
      footer={
        <>
          <span className={css.summary}>
            {preflight.targets.length > 0 &&
              t('footer.summary', {
                targets: t('footer.targets', { count: preflight.targets.length }),
                pairs: formatCount(pairs),
                metrics: t('footer.metrics', { count: measured.length }),
              })}
          </span>
          <Button
            icon={SquareTerminal}
            disabledReason={commandText === undefined ? (disabledReason ?? t('footer.wait')) : undefined}
            onClick={() => void copyText(commandText ?? '')}
          >
            {t('footer.copy')}
          </Button>
          <Button
            icon={Play}
            look="primary"
            keys="mod+enter"
            disabledReason={disabledReason}
            isBusy={start.isPending}
            onClick={() => start.mutate(requests)}
          >
            {t('footer.run')}
          </Button>
        </>
      }
    >
      <div className={css.columns}>
        <div className={css.left}>
          {workspace.error ? (
            <Failed error={workspace.error} retry={() => void workspace.refetch()} />
          ) : (
            <SourcePanel runs={runs} isLoading={workspace.data === undefined} />
          )}
          <PreflightPanel
            {...preflight}
            isChosen={targetsChosen}
            idle={t(form.groups.length === 0 ? 'footer.chooseMetrics' : 'preflight.idle')}
          />
        </div>
        <div className={css.right}>
          <ProtocolPanel />
          <MetricsPanel skipped={preflight.skipped} />
          <OptionsPanel />
        </div>
      </div>
    </Page>
  )
}

/** Runs named in the address are chosen once, and the address is cleaned. */
function useRunsOfRoute(isReady: boolean): void {
  const [query, change] = useRouteQuery()
  const { data } = useWorkspace()
  const wanted = query.getAll('run')
  useEffect(() => {
    if (!isReady || wanted.length === 0 || !data) return
    const chosen = data.evaluationRuns.filter(({ path }) => wanted.includes(path))
    useBenchmarkForm.setState({ source: 'runs', targets: new Set(targetsOf(chosen)) })
    change({ run: undefined })
  })
}

function useStart() {
  const { t } = useTranslation('benchmark')
  const [isPending, setPending] = useState(false)
  const begin = async (requests: readonly BenchmarkInput[]) => {
    setPending(true)
    try {
      const jobs = []
      for (const request of requests) jobs.push(await engine().call('benchmark.start', request))
      if (jobs.length > 1) toast({ look: 'ok', text: t('footer.queued'), lastsMs: 4000 })
      goTo(`/jobs/${jobs[0].id}`)
    } catch (error) {
      toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })
    } finally {
      setPending(false)
    }
  }
  return { mutate: (requests: readonly BenchmarkInput[]) => void begin(requests), isPending }
}
