import { Play } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { kindOfScript } from '../../../../../shared/domain/launch/catalogue.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { useCommandList, type Command } from '../../../app/commands.ts'
import { useWorkspaceRoot } from '../../../app/workspace.ts'
import { Button } from '../../../ui/Button.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { useSettled } from '../../../ui/useSettled.ts'
import { ArgumentsPanel } from './ArgumentsPanel.tsx'
import { ChangeList, HintList, SizeFacts } from './ChecksPanel.tsx'
import { CommandPreview } from './CommandPreview.tsx'
import { CompareDialog } from './CompareDialog.tsx'
import css from './launch.module.css'
import { LauncherPanel } from './LauncherPanel.tsx'
import { useLaunch, useLaunchActions } from './launchStore.ts'
import { useStart } from './useStart.ts'

/** How often facts that change by themselves (ports, GPUs, files) are looked at again, ms. */
const lookEveryMs = 15_000

/**
 * The form of the page's draft with its exact command below, and beside it what deserves a look, the sizes and the
 * changes. `other` are further ways to run it, in front of the button that starts it.
 */
export function LaunchWorkbench({ other, notice }: { other?: ReactNode; notice?: ReactNode }) {
  const { t } = useTranslation('train')
  const { place } = useLaunchActions()
  const { form, recorded, origin } = useLaunch()
  const [isComparing, setComparing] = useState(false)
  const hints = useHints()
  const start = useStart()
  const errors = hints.data?.hints.filter(({ severity }) => severity === 'error').length ?? 0
  const commands = useMemo(
    (): Command[] => [
      {
        id: `${place}.start`,
        title: t('start.title'),
        icon: Play,
        keys: 'mod+enter',
        scope: 'page',
        isForTyping: true,
        perform: start.perform,
      },
    ],
    [t, place, start.perform],
  )
  useCommandList(`${place}.launch`, commands)
  const isTraining = kindOfScript(form.script ?? '') === 'train'
  return (
    <div className={css.page}>
      <div className={css.form}>
        <div className={css.formScroll}>
          {notice}
          <LauncherPanel />
          <ArgumentsPanel />
        </div>
        <footer className={css.foot}>
          <CommandPreview form={form} recorded={recorded} />
          <div className={css.footRow}>
            <span className={css.faint}>
              {origin === undefined ? t('origin.none') : t('origin.from', { origin })}
            </span>
            {other}
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
        {isTraining && (
          <Panel title={t('size.title')} className={css.sidePanel}>
            <SizeFacts hints={hints.data} />
          </Panel>
        )}
        <Panel
          title={t('changes.title')}
          note={origin}
          className={css.sidePanel}
          actions={
            <Button size="small" onClick={() => setComparing(true)}>
              {t('compare.open')}
            </Button>
          }
        >
          <ChangeList />
        </Panel>
      </div>
      <CompareDialog isOpen={isComparing} onClose={() => setComparing(false)} />
    </div>
  )
}

/** Hints and sizes of the form, a moment after the last change. */
function useHints() {
  const root = useWorkspaceRoot()
  const form = useLaunch((draft) => draft.form)
  const experiment = useLaunch((draft) => draft.experiment)
  const settled = useSettled(form, 350)
  return useEngineQuery(
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
      refetchInterval: lookEveryMs,
    },
  )
}
