import { useTranslation } from 'react-i18next'
import { useEngineCommand } from '../../../api/queries.ts'
import { useWorkspaceRoot } from '../../../app/workspace.ts'
import { toast } from '../../../ui/toasts.ts'

/** Hands a script to Slurm: it is written into the workspace's `slurm_scripts` first, under a name of its own. */
export function useSlurmSubmit(options: { jobName: string; script: string | undefined; onDone(): void }) {
  const { t } = useTranslation('train')
  const root = useWorkspaceRoot()
  const { jobName, script, onDone } = options
  const { isPending, mutate } = useEngineCommand('slurm.submit', {
    onSuccess: ({ jobId, stdoutPath }) => {
      toast({ look: 'ok', text: t('slurm.submitted', { jobId, path: stdoutPath }) })
      onDone()
    },
    onError: (error) => toast({ look: 'failed', text: error.message }),
  })
  return {
    isPending,
    perform() {
      if (script === undefined || root === undefined) return
      const time = new Date().toISOString().slice(0, 19).replaceAll(/\D/g, '')
      const name = jobName.replaceAll(/[^\w.-]+/g, '_')
      mutate({ workspace: root, script: `slurm_scripts/${name}_${time}.sh`, text: script })
    },
  }
}
