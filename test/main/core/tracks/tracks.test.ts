import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunksOf, tracksOf } from '../../../../src/main/core/tracks/tracks.ts'

const at = (recording: number, frame: number, name = '') => ({ recording, frame, name })
const shape = (tracks: { recording: number; frame: number }[][]) =>
  tracks.map((track) => track.map(({ recording, frame }) => `${recording}/${frame}`))

describe('tracksOf', () => {
  it('sorts by number, not by text', () => {
    expect(shape(tracksOf([at(10, 1), at(2, 10), at(2, 9), at(2, 11)]))).toEqual([
      ['2/9', '2/10', '2/11'],
      ['10/1'],
    ])
  })

  it('goes on over a step of two and cuts at three', () => {
    expect(shape(tracksOf([at(1, 1), at(1, 3), at(1, 6), at(1, 8)]))).toEqual([
      ['1/1', '1/3'],
      ['1/6', '1/8'],
    ])
  })

  it('cuts where the recording changes even when frame numbers go on', () => {
    expect(shape(tracksOf([at(1, 5), at(2, 6)]))).toEqual([['1/5'], ['2/6']])
  })

  it('keeps frames with the same position in one track, in the order given', () => {
    const [track] = tracksOf([at(1, 5, 'a.jpg'), at(1, 5, 'a.png'), at(1, 6, 'b.jpg')])
    expect(track.map(({ name }) => name)).toEqual(['a.jpg', 'a.png', 'b.jpg'])
  })

  it('cuts only at recordings when any gap is allowed', () => {
    expect(shape(tracksOf([at(1, 0), at(1, 500), at(2, 1)], Infinity))).toEqual([['1/0', '1/500'], ['2/1']])
  })

  it('gives every frame exactly once, with steps within the limit inside tracks and beyond it between them', () => {
    const frames = fc.array(fc.record({ recording: fc.nat(3), frame: fc.nat(60), name: fc.constant('') }))
    fc.assert(
      fc.property(frames, fc.nat(5), (input, maxGap) => {
        const tracks = tracksOf(input, maxGap)
        expect(tracks.flat()).toHaveLength(input.length)
        for (const track of tracks) {
          for (let i = 1; i < track.length; i++)
            expect(track[i].frame - track[i - 1].frame).toBeLessThanOrEqual(maxGap)
        }
        for (let i = 1; i < tracks.length; i++) {
          const [before, after] = [tracks[i - 1].at(-1)!, tracks[i][0]]
          expect(after.recording > before.recording || after.frame - before.frame > maxGap).toBe(true)
        }
      }),
    )
  })
})

describe('chunksOf', () => {
  it('cuts into full pieces and a rest', () => {
    expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
    expect(chunksOf([], 2)).toEqual([])
  })

  it('refuses pieces without a whole number of frames', () => {
    expect(() => chunksOf([1], 0)).toThrow(RangeError)
    expect(() => chunksOf([1], 1.5)).toThrow(RangeError)
  })
})
