import { describe, expect, it } from 'vitest'
import { frameNaming } from '../../../../src/main/core/tracks/frameNaming.ts'
import { planClips, type PlanOptions } from '../../../../src/main/core/videos/planClips.ts'
import type { FrameFolder } from '../../../../src/main/core/videos/frameFolder.ts'
import { parseFrameRate } from '../../../../src/shared/domain/frameRate.ts'
import { range } from './counterFrames.ts'

function folderOf(frames: readonly [recording: number, frame: number][], folder = ''): FrameFolder {
  return {
    sequences: [
      {
        folder,
        frames: frames.map(([recording, frame]) => {
          const stem = `file_num${recording}_frame_${frame}`
          return { recording, frame, stem, path: `/frames/${stem}.jpg` }
        }),
      },
    ],
    unparsed: [],
    passedOver: [],
  }
}

function plan(
  frames: readonly [number, number][],
  { fps = '10', folder = '', ...options }: Partial<PlanOptions> & { fps?: string; folder?: string } = {},
) {
  const { clips, skipped } = planClips(
    { predictions: folderOf(frames, folder), references: undefined, others: [] },
    {
      naming: frameNaming(undefined),
      layout: 'single',
      frameRate: parseFrameRate(fps)!,
      maxDurationSeconds: 10,
      minFrames: 10,
      maxGap: 2,
      trackIndex: undefined,
      folderName: '/frames',
      map: undefined,
      ...options,
    },
  )
  return {
    clips: clips.map(({ name, frames: planned }) => `${name} ${planned.length}`),
    skipped: skipped.map(({ firstFrame, lastFrame, cause, fewestFrames }) => [
      firstFrame,
      lastFrame,
      cause,
      fewestFrames,
    ]),
  }
}
const ofRecording = (recording: number, numbers: readonly number[]) =>
  numbers.map((n): [number, number] => [recording, n])

describe('planClips', () => {
  it('goes on over a step of two, cuts at three, and leaves out what is shorter than ten frames', () => {
    expect(plan(ofRecording(4, [...range(1, 21, 2), ...range(24, 42, 2), 45]))).toEqual({
      clips: ['track_4_f1_to_f21 11', 'track_4_f24_to_f42 10'],
      skipped: [[45, 45, 'short-track', 10]],
    })
  })

  it('keeps the rest of a track from half of the fewest frames on', () => {
    expect(plan(ofRecording(1, range(1, 105))).clips).toEqual([
      'track_1_f1_to_f100 100',
      'track_1_f101_to_f105 5',
    ])
    expect(plan(ofRecording(1, range(1, 104)))).toEqual({
      clips: ['track_1_f1_to_f100 100'],
      skipped: [[101, 104, 'short-piece', 5]],
    })
    expect(plan(ofRecording(1, range(1, 103)), { minFrames: 7 }).clips).toHaveLength(2)
  })

  it.each([
    ['10', 0.25, 2],
    ['10', 10.07, 100],
    ['30000/1001', 10, 299],
    ['23.976', 10, 239],
    ['0.5', 10, 5],
    ['0.5', 1, 1],
    ['29.97', 100, 2997],
    // 0.7 * 10 is 7.000000000000001 and 0.29 * 100 is 28.999999999999996 in floating point.
    ['10', 0.7, 7],
    ['100', 0.29, 29],
  ])(
    'at %s frames per second and at most %s s a clip has at most %i frames',
    (fps, maxDurationSeconds, frames) => {
      const { clips } = plan(ofRecording(1, range(1, 3000)), { fps, maxDurationSeconds, minFrames: 1 })
      expect(clips[0]).toMatch(new RegExp(` ${frames}$`))
      expect(clips).toHaveLength(Math.ceil(3000 / frames))
    },
  )

  it('makes only the track that was asked for, counted over those that are left out too', () => {
    const frames = [
      ...ofRecording(1, range(1, 3)),
      ...ofRecording(2, range(1, 12)),
      ...ofRecording(10, range(1, 12)),
    ]
    expect(plan(frames, { trackIndex: 2 })).toEqual({ clips: ['track_10_f1_to_f12 12'], skipped: [] })
    expect(plan(frames, { trackIndex: 0 })).toEqual({ clips: [], skipped: [[1, 3, 'short-track', 10]] })
  })

  it('gives pieces with the same numbers different names', () => {
    const twice = ofRecording(1, [5, 5, 5, 5])
    expect(plan(twice, { minFrames: 1, maxDurationSeconds: 0.2 }).clips).toEqual([
      'track_1_f5_to_f5 2',
      'track_1_f5_to_f5_2 2',
    ])
  })

  it('names clips of folders so that every file system takes them', () => {
    const naming = frameNaming('numbered')
    const [odd] = plan(ofRecording(0, range(1, 12)), { naming, folder: 'a:b?<c>' }).clips
    expect(odd).toBe('track_a_b__c__f1_to_f12 12')
    const [long] = plan(ofRecording(0, range(1, 12)), { naming, folder: '长'.repeat(80) }).clips
    expect(Buffer.byteLength(long)).toBeLessThan(160)
    expect(long).toMatch(/^track_长+_f1_to_f12 12$/)
  })
})
