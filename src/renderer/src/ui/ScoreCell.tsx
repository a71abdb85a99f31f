import { useTranslation } from 'react-i18next'
import type { Score } from '../../../shared/domain/score.ts'
import { useSentence } from '../i18n/sentences/index.ts'
import { classes } from './classes.ts'
import { formatCount, formatExact, formatNumber } from './format.ts'
import { Hint } from './Hint.tsx'
import css from './ScoreCell.module.css'

/**
 * A score: four digits with the whole value, its n and its caution on hover; a dot for what was skipped and a dash for
 * what failed, each with the reason. `rank` marks the best (1) and second (2) of a column. With a `link`, a click leads to
 * what is behind the number.
 */
export function ScoreCell({
  score,
  rank,
  link,
}: {
  score: Score | undefined
  rank?: number
  link?: { href: string; hint: string }
}) {
  const { t } = useTranslation()
  const sentence = useSentence()
  if (score?.status !== 'ok') return <MissingScore score={score} />
  // Infinity travels as its name; Number reads both.
  const value = Number(score.value)
  const facts = [
    t('score.fullValue', { value: formatExact(value) }),
    score.n === undefined ? undefined : t('score.samples', { n: formatCount(score.n) }),
    score.note && sentence(score.note),
    link?.hint,
  ]
  const look = classes(css.value, rank === 1 && css.best, rank === 2 && css.second)
  const words = (
    <>
      {formatNumber(value)}
      {score.note !== undefined && <sup className={css.caution}>*</sup>}
    </>
  )
  return (
    <Hint
      label={
        <span className={css.facts}>
          {facts.filter(Boolean).map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </span>
      }
    >
      {link ? (
        <a
          className={classes(look, css.link)}
          href={link.href}
          onClick={(event) => event.stopPropagation()}
          onKeyDown={(event) => event.stopPropagation()}
        >
          {words}
        </a>
      ) : (
        <span className={look} tabIndex={-1}>
          {words}
        </span>
      )}
    </Hint>
  )
}

function MissingScore({ score }: { score: Exclude<Score, { status: 'ok' }> | undefined }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const isFailed = score?.status === 'failed'
  const reason =
    score === undefined
      ? t('score.missing')
      : isFailed
        ? t('score.failed', { reason: sentence(score.reason) })
        : t('score.skipped', { reason: sentence(score.reason) })
  return (
    <Hint label={reason}>
      <span className={isFailed ? css.failed : css.skipped} tabIndex={-1}>
        <span aria-hidden>{isFailed ? '—' : '·'}</span>
        <span className="visuallyHidden">{reason}</span>
      </span>
    </Hint>
  )
}
