import { Popover } from '@mantine/core'
import { ArrowLeftRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/Button.tsx'
import { toast } from '../../../ui/toasts.ts'
import css from '../ComparePage.module.css'
import type { OpenComparison } from '../comparison.ts'
import { useCompare } from '../compareStore.ts'
import { checkShifts, type ShiftCheck } from './checkShifts.ts'
import { bestShift, triedShifts } from './lineUp.ts'

export const signed = (frames: number) => (frames < 0 ? `−${-frames}` : frames > 0 ? `+${frames}` : '0')

const setShift = (source: number, frames: number) =>
  useCompare.setState(({ offsets }) => ({
    offsets: offsets.map((offset, at) => (at === source ? frames : offset)),
  }))

/** Shifts of single sources in frames, and the proof that frames line up. */
export function Shifts({ data }: { data: OpenComparison }) {
  const { t } = useTranslation('compare')
  const panes = useCompare((state) => state.panes)
  const offsets = useCompare((state) => state.offsets)
  const [checks, setChecks] = useState<readonly ShiftCheck[]>()
  const [isChecking, setChecking] = useState(false)
  const [isOpen, setOpen] = useState(false)
  const sources = [...new Set(panes)]
  const [base, ...others] = sources
  const used = sources.filter((source) => offsets[source] !== 0)

  const check = () => {
    setChecking(true)
    checkShifts(data, base, others, useCompare.getState().head.position)
      .then(setChecks)
      .catch((error: unknown) => toast({ look: 'failed', text: String(error) }))
      .finally(() => setChecking(false))
  }
  return (
    <Popover position="top-end" withArrow trapFocus opened={isOpen} onChange={setOpen}>
      <Popover.Target>
        <button
          type="button"
          className={used.length > 0 ? css.tag : css.plain}
          onClick={() => {
            setChecks(undefined)
            setOpen((open) => !open)
          }}
        >
          <ArrowLeftRight size={13} aria-hidden />
          {t('transport.offset')}
          {used.map((source) => ` ${signed(offsets[source])}`)}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div
          className={css.shifts}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            setOpen(false)
          }}
        >
          <p className={css.proof}>{t('transport.offsetAbout')}</p>
          {sources.map((source) => (
            <Shift key={source} data={data} source={source} frames={offsets[source]} />
          ))}
          {checks?.map((one) => (
            <Proof key={one.source} data={data} base={base} check={one} />
          ))}
          <div className={css.shiftsFoot}>
            <Button
              size="small"
              disabledReason={isChecking || others.length === 0 ? t('transport.check') : undefined}
              onClick={check}
            >
              {isChecking
                ? t('transport.checking', { count: others.length * triedShifts.length })
                : t('transport.check')}
            </Button>
            <Button
              size="small"
              look="quiet"
              onClick={() => useCompare.setState({ offsets: offsets.map(() => 0) })}
            >
              {t('transport.noShift')}
            </Button>
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

function Shift({ data, source, frames }: { data: OpenComparison; source: number; frames: number }) {
  const { t } = useTranslation('compare')
  const { label, color } = data.sources[source]
  return (
    <>
      <span translate="no" title={label}>
        <i style={{ background: color }} aria-hidden />
        {label}
      </span>
      <input
        type="number"
        value={frames}
        aria-label={t('transport.offsetHint', { source: label })}
        onChange={({ target }) => setShift(source, Math.trunc(Number(target.value)) || 0)}
      />
    </>
  )
}

/** How much pictures differ at each shift, and what follows from it. */
function Proof({ data, base, check }: { data: OpenComparison; base: number; check: ShiftCheck }) {
  const { t } = useTranslation('compare')
  const offsets = useCompare((state) => state.offsets)
  const { source, costs } = check
  const best = bestShift(costs)
  // The base may be shifted itself; what counts is how the two stand to each other.
  const present = offsets[source] - offsets[base]
  const names = { source: data.sources[source].label, base: data.sources[base].label }
  const most = Math.max(...costs.filter((cost) => !Number.isNaN(cost)), 1e-6)
  return (
    <div className={css.proof}>
      <svg viewBox="0 0 260 44" preserveAspectRatio="none" aria-hidden>
        {costs.map((cost, at) => (
          <rect
            key={at}
            x={at * 20 + 2}
            width={16}
            y={44 - (44 * (cost || 0)) / most}
            height={(44 * (cost || 0)) / most}
            fill={
              triedShifts[at] === best
                ? 'var(--accent)'
                : triedShifts[at] === present
                  ? 'var(--text-2)'
                  : 'var(--line-strong)'
            }
          >
            <title>{`${signed(triedShifts[at])}: ${cost.toFixed(2)}`}</title>
          </rect>
        ))}
      </svg>
      <p role="status">
        {best === undefined
          ? t('transport.unclear', names)
          : best === present
            ? t('transport.linesUp', { ...names, shift: signed(present) })
            : t('transport.linesUpAt', { ...names, best: signed(best), shift: signed(present) })}
      </p>
      {best !== undefined && best !== present && (
        <Button size="small" onClick={() => setShift(source, best + offsets[base])}>
          {t('transport.useShift', { best: signed(best) })}
        </Button>
      )}
    </div>
  )
}
