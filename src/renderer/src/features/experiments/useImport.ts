import { useTranslation } from 'react-i18next'
import { invalidate, useEngineCommand } from '../../api/queries.ts'
import { goTo } from '../../app/hashLocation.ts'
import { toast } from '../../ui/toasts.ts'

/** Reads a lab book and says what that changed. */
export function useImport(onDone?: () => void) {
  const { t } = useTranslation('experiments')
  return useEngineCommand('experiments.import', {
    onSuccess: (summary) => {
      invalidate('experiments.')
      const changes = [
        summary.added.length > 0 && t('import.added', { count: summary.added.length }),
        summary.changed.length > 0 && t('import.changed', { count: summary.changed.length }),
        summary.renamed.length > 0 && t('import.renamed', { count: summary.renamed.length }),
        summary.missing.length > 0 && t('import.missing', { count: summary.missing.length }),
      ].filter((part) => part !== false)
      const problems = new Set(
        summary.problems.filter(({ severity }) => severity !== 'info').map(({ line }) => line),
      ).size
      toast({
        look: 'ok',
        text: [
          `${t('import.done', { experiments: summary.experiments, commands: summary.commands })} ${changes.join(', ') || t('import.same')}`,
          ...(problems > 0 ? [t('import.problems', { count: problems })] : []),
        ].join(' · '),
        // Lines that could not be read exactly are worth a look, so that notice stays a while longer.
        ...(problems > 0
          ? {
              action: { label: t('views.report'), perform: () => goTo('/experiments?view=report') },
              lastsMs: 20_000,
            }
          : { lastsMs: 8000 }),
      })
      onDone?.()
    },
    onError: (error) =>
      toast({
        look: 'failed',
        text: error.hint === undefined ? error.message : `${error.message} ${error.hint}`,
      }),
  })
}
