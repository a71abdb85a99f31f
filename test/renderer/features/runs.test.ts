import { describe, expect, it } from 'vitest'
import { linksOfJob } from '../../../src/renderer/src/features/jobs/jobLinks.ts'
import {
  measuredMetrics,
  orderedFrames,
  ranksOf,
  siblingsOf,
  skippedMetrics,
  valueOf,
} from '../../../src/renderer/src/features/runs/scores.ts'
import {
  emptyVideoForm,
  formForFolders,
  lackOfLayout,
  videoRequestOf,
} from '../../../src/renderer/src/features/videos/videoForm.ts'
import { videoRequest } from '../../../src/shared/contract/videos.ts'
import type { FrameTable, RunSummary } from '../../../src/shared/contract/runs.ts'
import { metricInfo } from '../../../src/shared/domain/metricCatalog.ts'
import type { Score } from '../../../src/shared/domain/score.ts'

const summary = (id: string, more: Partial<RunSummary> = {}): RunSummary => ({
  id,
  label: 'exp5 / t1',
  experiment: 'exp5',
  timestamp: 't1',
  map: 'de_nuke',
  referenceDir: '/g',
  predictionDir: '/p',
  protocol: 'per-image',
  status: 'done',
  pairs: 3,
  failedFrames: 0,
  createdAt: 1,
  metrics: {},
  ...more,
})
const ok = (value: number | 'Infinity'): Score => ({ status: 'ok', value })

describe('ranks', () => {
  it('follow the direction, share places, and leave out what has no value', () => {
    const runs = [
      summary('a', { metrics: { PSNR: ok(20), LPIPS: ok(0.3) } }),
      summary('b', { metrics: { PSNR: ok('Infinity'), LPIPS: ok(0.1) } }),
      summary('c', { metrics: { PSNR: ok(20), LPIPS: { status: 'skipped', reason: 'no weights' } } }),
    ]
    expect([...ranksOf(runs, metricInfo('PSNR'))]).toEqual([['a', 2], ['b', 1], ['c', 2]])
    expect([...ranksOf(runs, metricInfo('LPIPS'))]).toEqual([['a', 2], ['b', 1]])
    expect(valueOf(runs[2], 'LPIPS')).toBeUndefined()
  }) // prettier-ignore

  it('are none for a single value', () => {
    expect(ranksOf([summary('a', { metrics: { PSNR: ok(20) } })], metricInfo('PSNR')).size).toBe(0)
  })
})

describe('columns of scores', () => {
  const none: Score = { status: 'skipped', reason: 'no weights' }
  const failed: Score = { status: 'failed', reason: 'torn file' }
  const runs = [
    summary('a', { metrics: { LPIPS: none, PSNR: ok(20), FID: none, KID: none, SSIM: failed } }),
    summary('b', { metrics: { LPIPS: ok(0.1), FID: none } }),
  ]

  it('are those that some run has or failed to get, in the order of the catalogue', () => {
    expect(measuredMetrics(runs).map(({ id }) => id)).toEqual(['LPIPS', 'PSNR', 'SSIM'])
  })

  it('leave what all runs skipped to a sentence with the reason, and what nobody asked for to nothing', () => {
    expect(skippedMetrics(runs)).toEqual([{ reason: 'no weights', metrics: ['FID', 'KID'] }])
  })
})

describe('worst and best frames', () => {
  const table: FrameTable = {
    runId: 'a',
    frameIndex: [0, 1, 2, 3, 4],
    name: ['0.jpg', '1.jpg', '2.jpg', '3.jpg', '4.jpg'],
    status: ['ok', 'ok', 'failed', 'ok', 'ok'],
    metrics: { PSNR: [20, 'Infinity', null, 12, 20], LPIPS: [0.2, 0, null, 0.6, 0.2] },
  }
  const order = (metric: string, first: 'worst' | 'best') =>
    orderedFrames(table, metricInfo(metric), first).map(({ frameIndex }) => frameIndex)

  it('agree for metrics of both directions; failed frames are in neither list', () => {
    expect(order('PSNR', 'worst')).toEqual([3, 0, 4, 1])
    expect(order('LPIPS', 'worst')).toEqual([3, 0, 4, 1])
    expect(order('PSNR', 'best')).toEqual([1, 0, 4, 3])
  })

  it('can be those of one bin', () => {
    const frames = orderedFrames(table, metricInfo('PSNR'), 'worst', { from: 12, below: 20 })
    expect(frames.map(({ frameIndex }) => frameIndex)).toEqual([3])
  })
})

describe('runs that belong together', () => {
  it('are the newest of each map of the same evaluation run and protocol, with the shown one always among them', () => {
    const shown = summary('old', { createdAt: 1 })
    const all = [
      shown,
      summary('newer', { createdAt: 5 }),
      summary('dust-1', { map: 'de_dust2', createdAt: 2 }),
      summary('dust-2', { map: 'de_dust2', createdAt: 3 }),
      summary('other protocol', { map: 'de_x', protocol: 'benchmark_csgo' }),
      summary('other run', { map: 'de_y', timestamp: 't2', label: 'exp5 / t2' }),
    ]
    expect(siblingsOf(shown, all).map(({ id }) => id)).toEqual(['dust-2', 'old'])
  })
})

describe('links to what a job made', () => {
  it('lead to its page, by the shape of the result', () => {
    expect(linksOfJob({ result: { runIds: ['a', 'b'] } })).toEqual([{ kind: 'run', route: '/runs/a' }])
    expect(linksOfJob({ result: { clips: [] } })[0].route).toBe('/videos')
    expect(linksOfJob({ result: { root: '/w' } })).toEqual([{ kind: 'workspace', route: '/', root: '/w' }])
    expect(linksOfJob({ result: undefined })).toEqual([])
    expect(linksOfJob({ result: { runIds: [] } })).toEqual([])
  })
})

describe('the video form', () => {
  const folders = formForFolders('/w/outputs_eval/exp5/test_1/gen_imgs/de_nuke', '/w/data/de_nuke/imgs')

  it('puts videos beside the frames, as the scripts do', () => {
    expect(folders.outputDir).toBe('/w/outputs_eval/exp5/test_1/gen_compared_videos/de_nuke')
    expect(formForFolders('/elsewhere', undefined)).toMatchObject({ outputDir: '', layout: 'single' })
  })

  it('makes a request the contract accepts, and none without a folder', () => {
    const request = videoRequestOf({ ...emptyVideoForm, ...folders }, '/w', 'en')
    expect(videoRequest.safeParse(request).success).toBe(true)
    expect(videoRequestOf(emptyVideoForm, '/w', 'en')).toBeUndefined()
  })

  it('falls back to a single panel while the layout lacks its folders', () => {
    expect(lackOfLayout('pair', emptyVideoForm)).toBe('reference')
    expect(lackOfLayout('runs', { ...emptyVideoForm, others: ' \n/b\n' })).toBeUndefined()
    expect(videoRequestOf({ ...emptyVideoForm, predictionDir: '/p' }, '/w', 'en')).toMatchObject({
      layout: 'single',
    })
  })
})
