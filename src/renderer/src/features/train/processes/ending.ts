import type { TFunction } from 'i18next'
import type { ExitReason } from '../../../../../shared/contract/training.ts'

/** How a process ended, as sentences in the language of the page; what the program itself said stays as it is. */
export function endingOf(reason: ExitReason | null, t: TFunction<'train'>): string {
  if (!reason) return ''
  const { kind, detail, hints, exitCode, signal } = reason
  const how =
    signal !== null
      ? t('ending.signal', { signal })
      : exitCode !== null
        ? t('ending.code', { code: exitCode })
        : ''
  const said =
    detail === null
      ? t(`ending.${kind}`, { how })
      : hints.includes('last-words')
        ? `${t(`ending.${kind}`, { how })} ${t('ending.hints.last-words', { detail })}`
        : t(`ending.with.${kind}`, { how, detail })
  const others = hints.filter((hint) => hint !== 'last-words')
  // Nothing was started, so it did not end either.
  const sentences = others.includes('from-queue') ? [] : [said]
  return [...sentences, ...others.map((hint) => t(`ending.hints.${hint}`, { detail: detail ?? '' }))].join(
    ' ',
  )
}
