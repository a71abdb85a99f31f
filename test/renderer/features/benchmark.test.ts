import { describe, expect, it } from 'vitest'
import { shortReason, unavailability } from '../../../src/renderer/src/features/benchmark/availability.ts'
import {
  commandsOf,
  computableGroups,
  emptyForm,
  requestsOf,
  targetKey,
  targetsOf,
} from '../../../src/renderer/src/features/benchmark/benchmarkForm.ts'
import {
  isOpen,
  momentOfName,
  newestFirst,
  stateOfRun,
} from '../../../src/renderer/src/features/workspace/runState.ts'
import { benchmarkRequest } from '../../../src/shared/contract/benchmark.ts'
import type { ModelInfo } from '../../../src/shared/contract/models.ts'
import { metricInfo } from '../../../src/shared/domain/metricCatalog.ts'
import { parseShell } from '../../../src/shared/domain/shellWords.ts'

const map = (name: string, benchmarked: number, hasTruth = true) => ({
  map: name,
  predictionDir: `/w/e/${name}`,
  frames: 10,
  benchmarked,
  ...(hasTruth ? { referenceDir: `/w/d/${name}/imgs` } : {}),
})
const run = (experiment: string, timestamp: string, maps: ReturnType<typeof map>[]) => ({
  path: `/w/${experiment}/${timestamp}`,
  experiment,
  timestamp,
  maps,
})
const runs = [
  run('exp2_gen', 'test_20260118_201530', [map('de_dust2', 1), map('de_nuke', 0)]),
  run('exp10_gen', 'test_20260205_134439', [map('de_dust2', 0), map('de_x', 0, false)]),
]

describe('the requests of the form', () => {
  it('are one per evaluation run, valid by the contract, with the chosen maps only', () => {
    const targets = new Set([targetKey(runs[0].path, 'de_nuke'), ...targetsOf([runs[1]])])
    const requests = requestsOf({ ...emptyForm, targets }, '/w', runs)
    expect(requests.map(({ run: path, maps }) => ({ path, maps }))).toEqual([
      { path: runs[0].path, maps: ['de_nuke'] },
      { path: runs[1].path, maps: ['de_dust2'] },
    ])
    for (const request of requests) expect(benchmarkRequest.safeParse(request).success).toBe(true)
  })

  it('name both folders, or are none while one is missing', () => {
    const form = { ...emptyForm, source: 'folders' as const, reference: ' /g ', prediction: '/p' }
    expect(requestsOf(form, '/w', [])).toMatchObject([{ workspace: '/w', reference: '/g', prediction: '/p' }])
    expect(requestsOf({ ...form, prediction: ' ' }, '/w', [])).toEqual([])
  })

  it('are none without a metric', () => {
    expect(requestsOf({ ...emptyForm, targets: new Set(targetsOf(runs)), groups: [] }, '/w', runs)).toEqual(
      [],
    )
  })
})

describe('the form as a command', () => {
  const target = { referenceDir: "/data/it's here/imgs", predictionDir: '/p' }

  it('says --all for everything and leaves out what is usual', () => {
    expect(commandsOf(emptyForm, [{ ...target, referenceDir: '/g' }])).toBe(
      'parallax benchmark --gt /g --pred /p --all',
    )
  })

  it('is read back by a shell word for word', () => {
    const form = {
      ...emptyForm,
      groups: computableGroups.slice(0, 2),
      options: { ...emptyForm.options, protocol: 'per-image', lpipsNet: 'vgg' as const, fresh: true },
    }
    const { commands } = parseShell(commandsOf(form, [target, target]))
    expect(commands).toHaveLength(2)
    expect(commands[0].argv).toEqual([
      'parallax', 'benchmark', '--gt', target.referenceDir, '--pred', '/p',
      '--fid', '--lpips', '--protocol', 'per-image', '--lpips_net', 'vgg', '--fresh',
    ]) // prettier-ignore
  })
})

describe('why a metric cannot be had', () => {
  const model = (status: ModelInfo['status'], neededFor: string[]): ModelInfo => ({
    id: 'm',
    title: 'CLIP ViT-B/32',
    neededFor,
    licence: 'MIT',
    source: '',
    status,
    wanted: { file: 'f', size: 1, folder: '/m' },
    refused: [],
  })

  it('is the version, the preflight, or missing weights, in this order', () => {
    expect(unavailability(metricInfo('FVD'), new Map(), [])).toEqual({
      reason: 'not yet available in this version',
    })
    expect(unavailability(metricInfo('CLIP'), new Map(), [model('missing', ['CLIP'])])).toMatchObject({
      model: { id: 'm' },
    })
    expect(unavailability(metricInfo('CLIP'), new Map([['CLIP', 'why']]), [])).toEqual({ reason: 'why' })
    const named = new Map([['LPIPS', 'needs CLIP ViT-B/32, which is not installed']])
    expect(unavailability(metricInfo('LPIPS'), named, [model('missing', ['x'])])).toMatchObject({
      model: { id: 'm' },
    })
    expect(unavailability(metricInfo('PSNR'), new Map(), [model('missing', ['CLIP'])])).toBeUndefined()
  })

  it('is not a file that serves some settings, unless the preflight says so', () => {
    const partial = [model('partial', ['FID', 'KID'])]
    expect(unavailability(metricInfo('FID'), new Map(), partial)).toBeUndefined()
    expect(unavailability(metricInfo('FID'), new Map([['FID', 'needs 2048']]), partial)).toMatchObject({
      model: { id: 'm' },
    })
  })

  it('is told without commands for a terminal', () => {
    expect(
      shortReason('needs X, which is not installed: run "parallax models install x" or put x.pth into /m'),
    ).toBe('needs X, which is not installed')
  })
})

describe('the state of an evaluation run', () => {
  it('counts only maps that have ground truth', () => {
    expect(stateOfRun(runs[0])).toEqual({ state: 'partly', done: 1, total: 2 })
    expect(stateOfRun(runs[1])).toEqual({ state: 'new', done: 0, total: 1 })
    expect(stateOfRun(run('e', 't', [map('a', 0, false)]))).toEqual({ state: 'no-truth', done: 0, total: 0 })
    expect([runs[0], run('e', 't', [map('a', 2)])].map(isOpen)).toEqual([true, false])
  })

  it('is listed newest first', () => {
    expect(newestFirst(runs).map(({ experiment }) => experiment)).toEqual(['exp10_gen', 'exp2_gen'])
  })

  it('takes its moment from the name', () => {
    expect(momentOfName('test_20260205_134439')).toBe(new Date(2026, 1, 5, 13, 44, 39).getTime())
    expect(momentOfName('conti')).toBeUndefined()
  })
})
