import { describe, expect, it } from 'vitest'
import { gpuState } from '../../../../src/renderer/src/features/train/launch/gpuState.ts'
import { keyTitle, mainKeys, sortedKeys } from '../../../../src/renderer/src/features/train/curves/keys.ts'
import { asWritten, timeTicks } from '../../../../src/renderer/src/features/train/curves/logClock.ts'
import { endingOf } from '../../../../src/renderer/src/features/train/processes/ending.ts'
import { progressOf } from '../../../../src/renderer/src/features/train/processes/progressOf.ts'
import { en, zh } from '../../../../src/renderer/src/features/train/words.ts'
import type { TFunction } from 'i18next'
import type { ExitReason, SeriesKey } from '../../../../src/shared/contract/training.ts'

const key = (
  name: string,
  table: SeriesKey['table'] = 'step',
  section: SeriesKey['section'] = 'info',
): SeriesKey => ({
  id: `${table}:${section}:${name}`,
  name,
  table,
  section,
})
describe('keys of a log', () => {
  const keys = [key('alpha_loc'), key('LR'), key('gen_loss'), key('total_loss'), key('total_loss', 'state')]
  it('begins with the total loss and ends with what is no loss', () => {
    expect(sortedKeys(keys).map(({ name }) => name)).toEqual([
      ...['total_loss', 'total_loss', 'gen_loss', 'LR', 'alpha_loc'],
    ])
  })

  it('shows each loss once at first, from the log rather than from trainer_state.json', () => {
    expect(mainKeys(keys).map(({ id }) => id)).toEqual(['step:info:total_loss', 'step:info:gen_loss'])
    expect(mainKeys([key('acc')]).map(({ name }) => name)).toEqual(['acc'])
  })

  it('names the section where names repeat', () => {
    expect(keyTitle(key('total', 'step', 'timing'))).toBe('timing.total')
  })
})

describe('progressOf', () => {
  const launch = {
    path: 'l',
    startedAt: 100,
    endedAt: 150,
    bytes: 1,
    metricLines: 1,
    firstStep: 1,
    lastStep: 101,
    hasEnded: false,
    siblingOf: null,
    gradientAccumulationSteps: null,
    stepsPerSecond: 2,
    usualGapSeconds: 0.5,
    lossSum: null,
    modifiedAt: 0,
  }
  const bar = {
    name: '',
    done: 20,
    total: 100,
    elapsedSeconds: 40,
    remainingSeconds: 160,
    stepsPerSecond: 0.5,
  }
  const nothing = { run: null, launch: null, bar: null, silence: null }

  it('says step, speed and time left from the log of the process', () => {
    expect(progressOf({ ...nothing, launch }, 301)).toEqual({
      step: 101,
      total: 301,
      stepsPerSecond: 2,
      secondsLeft: 100,
    })
  })

  it('takes the bar of a script that writes no log', () => {
    expect(progressOf({ ...nothing, bar }, undefined)).toEqual({
      step: 20,
      total: 100,
      stepsPerSecond: 0.5,
      secondsLeft: 160,
    })
  })

  it('shows no total that is below what was reached', () => {
    expect(progressOf({ ...nothing, launch }, 100)).toEqual({ step: 101, stepsPerSecond: 2 })
    expect(progressOf(nothing, 100)).toEqual({ step: null, total: 100 })
  })
})

describe('endingOf', () => {
  const words = (language: typeof en, count = 0) =>
    ((key: string, values: Record<string, unknown>) =>
      String(
        key.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], language),
      ).replace(/\{\{(\w+)\}\}/g, (_, name: string) =>
        String(values[name] ?? count),
      )) as unknown as TFunction<'train'>
  const reason = (changes: Partial<ExitReason>): ExitReason => ({
    kind: 'failed',
    text: '',
    detail: null,
    hints: [],
    exitCode: 1,
    signal: null,
    traceback: null,
    ...changes,
  })
  it('says how a process ended in both languages, and quotes what the program said', () => {
    const oom = reason({ kind: 'out-of-memory', detail: 'CUDA out of memory.' })
    expect(endingOf(oom, words(en))).toBe('Out of memory (exit code 1): CUDA out of memory.')
    expect(endingOf(oom, words(zh as typeof en))).toBe('内存不足（退出码 1）：CUDA out of memory.')
    expect(endingOf(reason({ detail: 'bad flag', hints: ['last-words', 'disk-full'] }), words(en))).toBe(
      'Failed with exit code 1. It last wrote: bad flag The disk that keeps its output is full: the last lines are missing.',
    )
    expect(endingOf(reason({ kind: 'stopped', hints: ['from-queue'], exitCode: null }), words(en))).toBe(
      'Taken out of the queue.',
    )
  })
})

describe('small words', () => {
  it('shows a log time as the log wrote it, in any zone', () => {
    const written = asWritten(Date.UTC(2026, 2, 11, 23, 5, 7) / 1000)
    expect([written.getDate(), written.getHours(), written.getMinutes(), written.getSeconds()]).toEqual([
      11, 23, 5, 7,
    ])
  })

  it('writes times on an axis as short as they stay clear', () => {
    const at = (text: string) => Date.parse(`2026-05-12T${text}Z`) / 1000
    expect(timeTicks([at('10:00:00'), at('11:00:00')])).toEqual(['10:00', '11:00'])
    expect(timeTicks([at('10:00:00'), at('10:00:30')])).toEqual(['10:00:00', '10:00:30'])
    expect(timeTicks([at('18:00:00'), at('18:00:00') + 43_200])).toEqual(['18:00', '05-13 06:00'])
    expect(timeTicks([at('00:00:00'), at('00:00:00') + 86_400])).toEqual(['05-12', '05-13'])
  })

  it('calls a GPU busy from a tenth of its memory on, and says nothing it does not know', () => {
    const gpu = {
      index: 0,
      uuid: 'u',
      name: 'n',
      utilizationPercent: null,
      memoryUsedMiB: 10_240,
      memoryTotalMiB: 81_920,
      temperatureCelsius: null,
      powerWatts: null,
      powerLimitWatts: null,
      processes: [],
    }
    expect(gpuState(gpu)).toEqual({ text: '10 / 80 GB', isBusy: true })
    expect(gpuState({ ...gpu, memoryUsedMiB: null, utilizationPercent: 3 })).toEqual({
      text: '3 %',
      isBusy: false,
    })
  })
})
