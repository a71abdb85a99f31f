import {
  ChevronLeft,
  ChevronRight,
  Flag,
  Pause,
  Play,
  Repeat,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
  X,
} from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { runCommand } from '../../app/commands.ts'
import { IconButton } from '../../ui/Button.tsx'
import { formatCount, formatNumber } from '../../ui/format.ts'
import css from './ComparePage.module.css'
import { keysOf } from './compareKeys.ts'
import type { OpenComparison } from './comparison.ts'
import { FrameField } from './FrameField.tsx'
import { moveHead, useCompare } from './compareStore.ts'
import { useCalmPosition } from './useCalmPosition.ts'
import { setLoop, speeds, trackAt } from './playback/playhead.ts'

const usualRates = [5, 10, 15, 16, 24, 25, 30, 32, 50, 60]

/** Play, step, where we are, how fast. */
export function Transport({ data }: { data: OpenComparison }) {
  const { t } = useTranslation('compare')
  const { isPlaying, isLooping, loop, speed, framesPerSecond } = useCompare(
    useShallow(({ head: { isPlaying, isLooping, loop, speed, framesPerSecond } }) => ({
      isPlaying,
      isLooping,
      loop,
      speed,
      framesPerSecond,
    })),
  )
  const run = (id: string) => () => void runCommand(`compare.${id}`)
  return (
    <div className={css.transport} role="toolbar" aria-label={t('transport.label')}>
      <IconButton
        icon={SkipBack}
        label={t('command.previousTrack')}
        keys={keysOf.previousTrack}
        onClick={run('previousTrack')}
      />
      <IconButton
        icon={StepBack}
        label={t('command.previous')}
        keys={keysOf.previous}
        onClick={run('previous')}
      />
      <IconButton
        icon={isPlaying ? Pause : Play}
        label={t('command.play')}
        keys={keysOf.play}
        onClick={run('play')}
        className={css.play}
      />
      <IconButton icon={StepForward} label={t('command.next')} keys={keysOf.next} onClick={run('next')} />
      <IconButton
        icon={SkipForward}
        label={t('command.nextTrack')}
        keys={keysOf.nextTrack}
        onClick={run('nextTrack')}
      />
      <span className={css.rule} />
      {data.metrics.length > 0 && (
        <>
          <IconButton
            icon={ChevronLeft}
            label={t('command.previousDip', { metric: '' })}
            keys={keysOf.previousDip}
            onClick={run('previousDip')}
          />
          <IconButton
            icon={ChevronRight}
            label={t('command.nextDip', { metric: '' })}
            keys={keysOf.nextDip}
            onClick={run('nextDip')}
          />
          <span className={css.rule} />
        </>
      )}
      <FrameField />
      <TrackFact data={data} />
      <span className={css.spring} />
      {loop && (
        <button
          type="button"
          className={css.tag}
          onClick={() => moveHead((one) => setLoop(one, undefined))}
          title={t('command.clearLoop')}
        >
          {t('transport.loop', { from: formatCount(loop[0] + 1), to: formatCount(loop[1] + 1) })}
          <X size={12} aria-hidden />
        </button>
      )}
      {isPlaying && <DroppedFact />}
      <Offsets data={data} />
      <IconButton icon={Flag} label={t('command.marker')} keys={keysOf.marker} onClick={run('marker')} />
      <IconButton
        icon={Repeat}
        label={t('command.loop')}
        keys={keysOf.loop}
        isOn={isLooping}
        onClick={run('loop')}
      />
      <select
        className={css.plain}
        aria-label={t('transport.speed')}
        title={t('transport.speed')}
        value={speed}
        onChange={(event) => moveHead((one) => ({ ...one, speed: Number(event.target.value) }))}
      >
        {speeds.map((speed) => (
          <option key={speed} value={speed}>
            {speed}×
          </option>
        ))}
      </select>
      <select
        className={css.plain}
        aria-label={t('transport.fps')}
        title={t('transport.fps')}
        value={framesPerSecond}
        onChange={(event) => moveHead((one) => ({ ...one, framesPerSecond: Number(event.target.value) }))}
      >
        {[...new Set([...usualRates, framesPerSecond])]
          .sort((a, b) => a - b)
          .map((rate) => (
            <option key={rate} value={rate}>
              {formatNumber(rate)} fps
            </option>
          ))}
      </select>
    </div>
  )
}

function TrackFact({ data }: { data: OpenComparison }) {
  const { t } = useTranslation('compare')
  const position = useCalmPosition()
  const { index } = trackAt(data.trackStarts, data.names.length, position)
  return (
    <span className={css.fact}>
      {t('transport.track', { index: index + 1, count: data.trackStarts.length })}
    </span>
  )
}

/** How many frames were due and never shown since playing began. */
function DroppedFact() {
  const { t } = useTranslation('compare')
  useCalmPosition()
  const { dropped } = useCompare.getState()
  return dropped > 0 && <span className={css.fact}>{t('transport.dropped', { count: dropped })}</span>
}

/** Shifts of single sources, out of the way until one is used. */
function Offsets({ data }: { data: OpenComparison }) {
  const { t } = useTranslation('compare')
  const panes = useCompare((state) => state.panes)
  const offsets = useCompare((state) => state.offsets)
  const [isOpen, setOpen] = useState(false)
  const isUsed = offsets.some((offset) => offset !== 0)
  if (!isOpen && !isUsed)
    return (
      <button type="button" className={css.plain} onClick={() => setOpen(true)}>
        {t('transport.offset')}…
      </button>
    )
  return (
    <span className={css.offsets}>
      <span>{t('transport.offset')}</span>
      {[...new Set(panes)].map((source) => (
        <label key={source} title={t('transport.offsetHint', { source: data.sources[source].label })}>
          <i style={{ background: data.sources[source].color }} aria-hidden />
          <input
            type="number"
            value={offsets[source]}
            aria-label={t('transport.offsetHint', { source: data.sources[source].label })}
            onChange={(event) =>
              useCompare.setState({
                offsets: offsets.map((offset, at) =>
                  at === source ? Math.trunc(Number(event.target.value)) || 0 : offset,
                ),
              })
            }
          />
        </label>
      ))}
      <IconButton
        icon={X}
        size={12}
        label={t('command.clear')}
        onClick={() => {
          setOpen(false)
          useCompare.setState({ offsets: offsets.map(() => 0) })
        }}
      />
    </span>
  )
}
