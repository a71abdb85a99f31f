import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { commandFromForm, valueOf, type LaunchForm } from '../../../../../shared/domain/launch/launchForm.ts'
import { useEngineCommand } from '../../../api/queries.ts'
import { goTo } from '../../../app/hashLocation.ts'
import { useWorkspaceRoot } from '../../../app/workspace.ts'
import { toast } from '../../../ui/toasts.ts'
import { askForNotices } from '../../../app/notices.ts'
import { maskedNames } from './launchFields.ts'
import { useLaunch, useLaunchActions } from './launchStore.ts'

/** Starts the command of the page's draft as a supervised process and goes to it. */
export function useStart(): { isPending: boolean; disabledReason: string | undefined; perform(): void } {
  const { t } = useTranslation('train')
  const root = useWorkspaceRoot()
  const { draft } = useLaunchActions()
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
        const { form, title, experiment, python } = draft()
        if (root === undefined || isPending) return
        if (disabledReason !== undefined) return void toast({ look: 'failed', text: disabledReason })
        askForNotices()
        mutate({
          workspace: root,
          ...commandFromForm(form),
          title: title || titleOf(form) || experiment || form.script || 'command',
          ...(python === undefined ? {} : { python }),
        })
      },
    }),
    [root, isPending, mutate, disabledReason, draft],
  )
}

/** What tells two starts of one experiment apart: the output folder, else the config. */
const titleOf = (form: LaunchForm): string | undefined =>
  lastPart(valueOf(form, '--output_dir')) ?? lastPart(valueOf(form, '--csgo_config'))?.replace(/\.ya?ml$/, '')

const lastPart = (path: string | undefined) => path?.split(/[\\/]/).findLast((part) => part !== '')
