import { Bug, FileCode2, Play } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { debugCopy } from '../../../../shared/domain/launch/debugCopy.ts'
import { commandFromForm, valueOf, type LaunchForm } from '../../../../shared/domain/launch/launchForm.ts'
import { engine } from '../../api/connection.ts'
import { useEngineCommand, useEngineQuery } from '../../api/queries.ts'
import { useCommandList, type Command } from '../../app/commands.ts'
import { goTo, useRouteQuery } from '../../app/hashLocation.ts'
import { useWorkspaceRoot } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { toast } from '../../ui/toasts.ts'
import { useSettled } from '../../ui/useSettled.ts'
import { WorkspaceNeeded } from '../workspace/WorkspaceNeeded.tsx'
import { ArgumentsPanel } from './launch/ArgumentsPanel.tsx'
import { ChangeList, HintList, SizeFacts } from './launch/ChecksPanel.tsx'
import { CommandPreview } from './launch/CommandPreview.tsx'
import { LauncherPanel } from './launch/LauncherPanel.tsx'
import css from './launch/launch.module.css'
import { maskedNames } from './launch/launchFields.ts'
import { editForm, openDraft, useLaunch } from './launch/launchStore.ts'
import { SlurmDialog } from './launch/SlurmDialog.tsx'
import { SourceMenu } from './launch/SourceMenu.tsx'
import { askForNotices } from './processes/processStore.ts'
import { TrainTabs } from './TrainTabs.tsx'

/** Prepares a launch: the form, what deserves a look, the exact command, the start. */
export function LaunchPage() {
  const { t } = useTranslation('train')
  const root = useWorkspaceRoot()
  const { form, recorded, origin, experiment } = useLaunch()
  const [isSlurm, setSlurm] = useState(false)
  useCommandOfRoute()
  const settled = useSettled(form, 350)
  const hints = useEngineQuery(
    'experiments.hints',
    {
      form: settled,
      ...(experiment === undefined ? {} : { experiment }),
      ...(root === undefined ? {} : { root }),
    },
    {
      enabled: root !== undefined,
      staleTime: 3000,
      placeholderData: (previous) => previous,
      refetchInterval: 15_000,
    },
  )
  const start = useStart(root)
  const errors = hints.data?.hints.filter(({ severity }) => severity === 'error').length ?? 0
  const commands = useMemo(
    (): Command[] => [
      {
        id: 'train.start',
        title: t('start.title'),
        icon: Play,
        keys: 'mod+enter',
        scope: 'page',
        isForTyping: true,
        perform: start.perform,
      },
      {
        id: 'train.debugCopy',
        title: t('debugCopy'),
        icon: Bug,
        scope: 'page',
        perform: () => editForm(debugCopy),
      },
    ],
    [t, start.perform],
  )
  useCommandList('train.launch', commands)
  if (root === undefined) return <WorkspaceNeeded title={t('title')} />
  return (
    <Page
      title={t('title')}
      about={<TrainTabs />}
      actions={
        <>
          <Button icon={Bug} hint={t('debugCopyHint')} onClick={() => editForm(debugCopy)}>
            {t('debugCopy')}
          </Button>
          <Button icon={FileCode2} onClick={() => setSlurm(true)}>
            Slurm
          </Button>
          <SourceMenu />
        </>
      }
      fill
    >
      <div className={css.page}>
        <div className={css.form}>
          <div className={css.formScroll}>
            <LauncherPanel />
            <ArgumentsPanel />
          </div>
          <footer className={css.foot}>
            <CommandPreview form={form} recorded={recorded} />
            <div className={css.footRow}>
              <span className={css.faint}>
                {origin === undefined ? t('origin.none') : t('origin.from', { origin })}
              </span>
              <Button
                icon={Play}
                look="primary"
                keys="mod+enter"
                isBusy={start.isPending}
                disabledReason={start.disabledReason}
                onClick={start.perform}
              >
                {errors > 0 ? t('start.anyway', { count: errors }) : t('start.title')}
              </Button>
            </div>
          </footer>
        </div>
        <div className={css.side}>
          <Panel title={t('checks.title')} className={css.sidePanel}>
            <HintList hints={hints} />
          </Panel>
          <Panel title={t('size.title')} className={css.sidePanel}>
            <SizeFacts hints={hints.data} />
          </Panel>
          <Panel title={t('changes.title')} note={origin} className={css.sidePanel}>
            <ChangeList />
          </Panel>
        </div>
      </div>
      <SlurmDialog isOpen={isSlurm} onClose={() => setSlurm(false)} />
    </Page>
  )
}

function useStart(root: string | undefined): {
  isPending: boolean
  disabledReason: string | undefined
  perform(): void
} {
  const { t } = useTranslation('train')
  const disabledReason = useLaunch(({ form }) => {
    const masked = maskedNames(form)
    if (masked.length > 0) return t('start.masked', { names: masked.join(', ') })
    return form.script === null ? t('start.noScript') : undefined
  })
  const { isPending, mutate } = useEngineCommand('training.start', {
    onSuccess: (process) => goTo(`/train/processes/${process.id}`),
    onError: (error) =>
      toast({
        look: 'failed',
        text: error.hint === undefined ? error.message : `${error.message} ${error.hint}`,
      }),
  })
  return useMemo(
    () => ({
      isPending,
      disabledReason,
      perform() {
        const { form, title, experiment, python } = useLaunch.getState()
        if (root === undefined || isPending) return
        if (disabledReason !== undefined) return void toast({ look: 'failed', text: disabledReason })
        askForNotices()
        mutate({
          workspace: root,
          ...commandFromForm(form),
          title: title || folderName(form) || experiment || form.script || 'command',
          ...(python === undefined ? {} : { python }),
        })
      },
    }),
    [root, isPending, mutate, disabledReason],
  )
}

/** Last part of the output folder: what tells two starts of one experiment apart. */
const folderName = (form: LaunchForm): string | undefined =>
  valueOf(form, '--output_dir')
    ?.split(/[\\/]/)
    .findLast((part) => part !== '')

/** A command named in the address (`?command=ID`) goes into the form once. */
function useCommandOfRoute(): void {
  const { t } = useTranslation('train')
  const [query, change] = useRouteQuery()
  const command = query.get('command')
  const line = query.get('line')
  useEffect(() => {
    if (command === null) return
    change({ command: undefined, line: undefined })
    engine()
      .call('experiments.form', { commandId: command })
      .then(({ form, experiment }) =>
        openDraft({
          form,
          recorded: form,
          ...(experiment === null ? {} : { experiment }),
          origin:
            line === null ? (experiment ?? '') : t('origin.line', { experiment: experiment ?? '', line }),
        }),
      )
      .catch((error: unknown) =>
        toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) }),
      )
  })
}
