import { useTranslation } from 'react-i18next'
import type { LaunchForm } from '../../../../../shared/domain/launch/launchForm.ts'
import { slurmSecrets } from '../../../../../shared/domain/launch/slurmCommand.ts'
import { invalidate, useEngineCommand } from '../../../api/queries.ts'
import { goTo } from '../../../app/hashLocation.ts'
import { useWorkspaceRoot } from '../../../app/workspace.ts'
import { toast } from '../../../ui/toasts.ts'

/** Hands a script to Slurm: it is written into the workspace's `slurm_scripts` first, under a name of its own. */
export function useSlurmSubmit(options: {
  jobName: string
  script: string | undefined
  form: LaunchForm
  onDone(): void
}) {
  const { t } = useTranslation('train')
  const root = useWorkspaceRoot()
  const { jobName, script, form, onDone } = options
  const { isPending, mutate } = useEngineCommand('slurm.submit', {
    onSuccess: ({ jobId }) => {
      toast({ look: 'ok', text: t('slurm.submitted', { jobId }) })
      invalidate('slurm.list')
      onDone()
      goTo(`/train/slurm/${jobId}`)
    },
    onError: (error) => toast({ look: 'failed', text: error.message }),
  })
  return {
    isPending,
    perform() {
      if (script === undefined || root === undefined) return
      const time = new Date().toISOString().slice(0, 19).replaceAll(/\D/g, '')
      const name = jobName.replaceAll(/[^\w.-]+/g, '_')
      mutate({
        workspace: root,
        script: `slurm_scripts/${name}_${time}.sh`,
        text: script,
        name: jobName,
        // Secrets go to the job through its environment; the script only names them.
        env: slurmSecrets(form),
      })
    },
  }
}
