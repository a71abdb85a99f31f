import { describe, expect, it } from 'vitest'
import { launchOf, matchingRun } from '../../../../src/main/core/training/processRuns.ts'
import type { Launch, TrainingRun } from '../../../../src/shared/contract/training.ts'

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
const command = (outputDir: string) => ({
  argv: ['python', 'train_csgo.py', '--output_dir', outputDir],
  env: {},
  cwd: '/w',
})

describe('matchingRun', () => {
  it('is the one whose log names the output folder, however it is written', () => {
    const runs = [
      run({ id: 'a', outputDirs: ['outputs/exp10'] }),
      run({ id: 'b', outputDirs: ['./outputs/exp1/'] }),
    ]
    expect(matchingRun(runs, command('outputs/exp1'))?.id).toBe('b')
    const absolute = [run({ id: 'c', outputDirs: ['/w/outputs/exp1'] })]
    expect(matchingRun(absolute, command('outputs/exp1/'))?.id).toBe('c')
  })

  it('is one of the same name when its log names no folder, and none otherwise', () => {
    expect(matchingRun([run({ id: 'a' })], command('outputs/exp1'))?.id).toBe('a')
    expect(matchingRun([run({ id: 'a', outputDirs: ['other'] })], command('outputs/exp1'))).toBeUndefined()
    expect(matchingRun([run({ id: 'a' })], { ...command(''), argv: ['python', 'x.py'] })).toBeUndefined()
  })
})

describe('launchOf', () => {
  const beganMs = Date.UTC(2026, 4, 1, 12)
  /** As a clock of this machine writes it. */
  const clock = (ms: number) => ms / 1000 - new Date(ms).getTimezoneOffset() * 60
  const launch = (path: string, startMs: number, changes: Partial<Launch> = {}): Launch => ({
    path,
    startedAt: clock(startMs),
    endedAt: null,
    bytes: 1,
    metricLines: 1,
    firstStep: 1,
    lastStep: 2,
    hasEnded: false,
    siblingOf: null,
    gradientAccumulationSteps: null,
    stepsPerSecond: null,
    usualGapSeconds: null,
    lossSum: null,
    modifiedAt: startMs + 1000,
    ...changes,
  })
  const times = { startedAt: beganMs, createdAt: beganMs, endedAt: beganMs + 60_000 }

  it('is the one that began while the process ran', () => {
    const launches = [
      launch('before', beganMs - 3_600_000),
      launch('own', beganMs + 3000),
      launch('after', beganMs + 90_000),
    ]
    expect(launchOf({ launches }, times)?.path).toBe('own')
    expect(launchOf({ launches: launches.slice(0, 1) }, times)).toBeUndefined()
  })

  it('is known by its file where the log shows the time of another zone', () => {
    const launches = [launch('own', beganMs - 8 * 3_600_000, { modifiedAt: beganMs + 30_000 })]
    expect(launchOf({ launches }, times)?.path).toBe('own')
  })

  it('is not the log of another rank', () => {
    const launches = [launch('rank 1', beganMs, { siblingOf: 'own' }), launch('own', beganMs + 1000)]
    expect(launchOf({ launches }, times)?.path).toBe('own')
  })
})
