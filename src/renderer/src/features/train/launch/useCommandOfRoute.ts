import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { engine } from '../../../api/connection.ts'
import { goTo, useRouteQuery } from '../../../app/hashLocation.ts'
import { toast } from '../../../ui/toasts.ts'
import { openDraft } from './launchStore.ts'

/** A recorded command named in the address (`?command=ID&line=N`) goes into the form once. */
export function useCommandOfRoute(): void {
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
        goTo(
          openDraft({
            form,
            recorded: form,
            ...(experiment === null ? {} : { experiment }),
            origin:
              line === null ? (experiment ?? '') : t('origin.line', { experiment: experiment ?? '', line }),
          }),
          { replace: true },
        ),
      )
      .catch((error: unknown) =>
        toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) }),
      )
  })
}
