import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PreflightTarget } from '../../../../shared/contract/benchmark.ts'
import { metricInfo } from '../../../../shared/domain/metricCatalog.ts'
import { useMetricWords } from '../../i18n/metricTitle.ts'
import { useSentence } from '../../i18n/sentences/index.ts'
import { DataTable, type Column } from '../../ui/DataTable.tsx'
import { formatCount } from '../../ui/format.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { PathText } from '../../ui/PathText.tsx'
import { Empty, Failed, Skeleton } from '../../ui/states.tsx'
import { Status } from '../../ui/Status.tsx'
import { shortReason } from './availability.ts'
import css from './BenchmarkPage.module.css'
import type { Preflight } from './usePreflight.ts'

const keyOfTarget = ({ predictionDir, referenceDir }: PreflightTarget) => `${referenceDir}|${predictionDir}`

/** Looking at more than this takes long enough to say how far it is. */
const fewRequests = 20
/** A longer table scrolls for itself, so that the details below it stay in reach. */
const mostRowsInFull = 40

/**
 * What a run would do, per target; the chosen row in full below the table.
 *
 * `idle` says what to choose first, while nothing is looked at.
 */
export function PreflightPanel({
  targets,
  skipped,
  error,
  retry,
  isLooking,
  looked,
  isChosen,
  idle,
}: Preflight & { isChosen: boolean; idle: string }) {
  const { t } = useTranslation('benchmark')
  const columns = useColumns()
  const [chosen, setChosen] = useState<string>()
  const shown = targets.find((target) => keyOfTarget(target) === chosen) ?? targets[0]
  return (
    <Panel
      title={t('preflight.title')}
      note={
        !isLooking || !isChosen
          ? t('preflight.note')
          : looked.total > fewRequests
            ? t('preflight.lookingOf', { done: formatCount(looked.done), total: formatCount(looked.total) })
            : t('preflight.looking')
      }
      flush
    >
      {error ? (
        <Failed error={error} retry={retry} />
      ) : targets.length === 0 ? (
        isChosen ? (
          <Skeleton lines={4} />
        ) : (
          <Empty>{idle}</Empty>
        )
      ) : (
        <div className={css.preflight} data-long={targets.length > mostRowsInFull || undefined}>
          <DataTable
            fill={targets.length > mostRowsInFull}
            label={t('preflight.title')}
            rows={targets}
            columns={columns}
            rowKey={keyOfTarget}
            selectedKey={keyOfTarget(shown)}
            onSelect={(target) => setChosen(keyOfTarget(target))}
          />
          <Details target={shown} skipped={skipped} />
        </div>
      )}
    </Panel>
  )
}

function useColumns(): Column<PreflightTarget>[] {
  const { t } = useTranslation('benchmark')
  const count = (value: number) => (
    <span className={value === 0 ? css.zero : undefined}>{formatCount(value)}</span>
  )
  const size = (sizes: PreflightTarget['referenceSizes']) => {
    const [first] = sizes
    if (!first) return '–'
    return `${first.width} × ${first.height}${sizes.length > 1 ? ` +${sizes.length - 1}` : ''}`
  }
  return [
    {
      id: 'target',
      title: t('preflight.target'),
      cell: ({ experiment, timestamp }) => <span title={timestamp}>{experiment}</span>,
    },
    { id: 'map', title: t('preflight.map'), cell: ({ map }) => map },
    {
      id: 'pairs',
      title: t('preflight.pairs'),
      isNumeric: true,
      cell: ({ pairs }) => <strong>{formatCount(pairs)}</strong>,
    },
    {
      id: 'missing',
      title: t('preflight.missing'),
      hint: t('preflight.missingHint'),
      isNumeric: true,
      cell: ({ missingPredictions }) => count(missingPredictions.count),
    },
    {
      id: 'unmatched',
      title: t('preflight.unmatched'),
      hint: t('preflight.unmatchedHint'),
      isNumeric: true,
      cell: ({ unmatchedPredictions }) => count(unmatchedPredictions.count),
    },
    {
      id: 'sizes',
      title: t('preflight.sizes'),
      hint: t('preflight.sizesHint'),
      cell: ({ referenceSizes, predictionSizes }) => `${size(referenceSizes)} → ${size(predictionSizes)}`,
    },
    {
      id: 'notes',
      title: t('preflight.warnings'),
      cell: ({ warnings, earlier }) =>
        warnings.length > 0 ? (
          <Status look="warning">{t('preflight.warnings', { count: warnings.length })}</Status>
        ) : earlier ? (
          <Status look="ok">
            {earlier.status === 'done'
              ? t('preflight.earlierDone')
              : t('preflight.earlierPart', { count: earlier.finishedFrames })}
          </Status>
        ) : (
          ''
        ),
    },
  ]
}

function Details({ target, skipped }: { target: PreflightTarget; skipped: ReadonlyMap<string, string> }) {
  const { t } = useTranslation('benchmark')
  const { titleOf } = useMetricWords()
  const sentence = useSentence()
  const {
    warnings,
    resizes,
    missingPredictions,
    unmatchedPredictions,
    otherExtensions,
    duplicateStems,
    ignoredFiles,
  } = target
  const lists: [string, PreflightTarget['ignoredFiles']][] = [
    [t('preflight.missing'), missingPredictions],
    [t('preflight.unmatched'), unmatchedPredictions],
    [t('preflight.otherExtensions'), otherExtensions],
    [t('preflight.duplicates'), duplicateStems],
    [t('preflight.ignored'), ignoredFiles],
  ]
  const isClean = warnings.length === 0 && lists.every(([, { count }]) => count === 0)
  return (
    <div className={css.details}>
      {(warnings.length > 0 || isClean) && (
        <Section title={t('preflight.warnings')}>
          {warnings.map((text) => (
            <li key={text}>
              <Notice look="warning">{sentence(text)}</Notice>
            </li>
          ))}
          {isClean && <li>{t('preflight.clean')}</li>}
        </Section>
      )}
      {resizes.length > 0 && (
        <Section title={t('preflight.resizes')}>
          {resizes.map((text) => (
            <li key={text}>{sentence(text)}</li>
          ))}
        </Section>
      )}
      {skipped.size > 0 && (
        <Section title={t('preflight.skipped')}>
          {[...new Set(skipped.values())].map((reason) => (
            <li key={reason} title={sentence(reason)}>
              {[...skipped]
                .filter(([, other]) => other === reason)
                .map(([id]) => titleOf(metricInfo(id)))
                .join(', ')}
              : {sentence(shortReason(reason))}
            </li>
          ))}
        </Section>
      )}
      {lists
        .filter(([, { count }]) => count > 0)
        .map(([title, { count, names }]) => (
          <Section key={title} title={`${title} · ${formatCount(count)}`}>
            {names.slice(0, 4).map((name) => (
              <li key={name}>
                <PathText path={name} longest={44} />
              </li>
            ))}
            {count > 4 && <li>{t('preflight.andMore', { count: count - 4 })}</li>}
          </Section>
        ))}
    </div>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      <ul>{children}</ul>
    </section>
  )
}
