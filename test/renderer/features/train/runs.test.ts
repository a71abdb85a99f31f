import { describe, expect, it } from 'vitest'
import { gpuState } from '../../../../src/renderer/src/features/train/launch/gpuState.ts'
import { keyTitle, mainKeys, sortedKeys } from '../../../../src/renderer/src/features/train/curves/keys.ts'
import { asWritten } from '../../../../src/renderer/src/features/train/curves/logClock.ts'
import {
  progressOfRun,
  runOfProcess,
} from '../../../../src/renderer/src/features/train/processes/runOfProcess.ts'
import type { SeriesKey, TrainingProcess, TrainingRun } from '../../../../src/shared/contract/training.ts'

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
const run = (changes: Partial<TrainingRun>): TrainingRun => ({
  id: 'logs/exp1',
  experiment: 'exp1',
  launches: [],
  keys: [],
  metricLines: 0,
  firstStep: null,
  lastStep: null,
  startedAt: null,
  endedAt: null,
  lastLoss: null,
  outputDirs: [],
  facts: {},
  anomalies: [],
  ...changes,
})
const process = (outputDir: string): TrainingProcess => ({
  id: 'p',
  title: 'exp1',
  workspace: '/w',
  cwd: '/w',
  argv: ['python', 'train_csgo.py', '--output_dir', outputDir],
  env: {},
  gpus: [],
  status: 'running',
  pid: 1,
  createdAt: 0,
  startedAt: 0,
  endedAt: null,
  reason: null,
  leftBehind: 0,
  stdoutPath: '',
  stderrPath: '',
  waitsFor: [],
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

describe('the run of a process', () => {
  it('is the one whose log names the output folder, however it is written', () => {
    const runs = [
      run({ id: 'a', outputDirs: ['outputs/exp10'] }),
      run({ id: 'b', outputDirs: ['./outputs/exp1/'] }),
    ]
    expect(runOfProcess(runs, process('outputs/exp1'))?.id).toBe('b')
    expect(
      runOfProcess([run({ id: 'c', outputDirs: ['/w/outputs/exp1'] })], process('outputs/exp1/'))?.id,
    ).toBe('c')
  })

  it('is one of the same name when its log names no folder, and none otherwise', () => {
    expect(runOfProcess([run({ id: 'a' })], process('outputs/exp1'))?.id).toBe('a')
    expect(runOfProcess([run({ id: 'a', outputDirs: ['other'] })], process('outputs/exp1'))).toBeUndefined()
  })

  it('says speed and time left from the newest launch', () => {
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
    }
    expect(progressOfRun(run({ launches: [launch], lastStep: 101 }), process('o'), 301)).toEqual({
      step: 101,
      total: 301,
      stepsPerSecond: 2,
      secondsLeft: 100,
    })
  })

  it('shows no total that is below what was reached', () => {
    expect(progressOfRun(run({ lastStep: 10 }), process('o'), 0)).toEqual({ step: 10 })
  })
})

describe('small words', () => {
  it('shows a log time as the log wrote it, in any zone', () => {
    const written = asWritten(Date.UTC(2026, 2, 11, 23, 5, 7) / 1000)
    expect([written.getDate(), written.getHours(), written.getMinutes(), written.getSeconds()]).toEqual([
      11, 23, 5, 7,
    ])
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
