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
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { runCommand } from '../../app/commands.ts'
import { IconButton } from '../../ui/Button.tsx'
import { formatCount } from '../../ui/format.ts'
import css from './ComparePage.module.css'
import { keysOf } from './compareKeys.ts'
import type { OpenComparison } from './comparison.ts'
import { FrameField } from './FrameField.tsx'
import { PlainSelect } from './PlainSelect.tsx'
import { Shifts } from './shift/Shifts.tsx'
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
      <Shifts data={data} />
      <IconButton icon={Flag} label={t('command.marker')} keys={keysOf.marker} onClick={run('marker')} />
      <IconButton
        icon={Repeat}
        label={t('command.loop')}
        keys={keysOf.loop}
        isOn={isLooping}
        onClick={run('loop')}
      />
      <PlainSelect
        label={t('transport.speed')}
        value={speed}
        options={speeds.map((value) => ({ value, title: `${value}×` }))}
        onChange={(speed) => moveHead((one) => ({ ...one, speed }))}
      />
      <PlainSelect
        label={t('transport.fps')}
        value={framesPerSecond}
        options={[...new Set([...usualRates, framesPerSecond])]
          .sort((a, b) => a - b)
          .map((value) => ({ value, title: `${Number(value.toFixed(2))} fps` }))}
        onChange={(framesPerSecond) => moveHead((one) => ({ ...one, framesPerSecond }))}
      />
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
