import { describe, expect, it } from 'vitest'
import { frameNaming } from '../../../../src/main/core/tracks/frameNaming.ts'
import { AppError } from '../../../../src/shared/errors.ts'

describe('frameNaming', () => {
  it.each([
    [undefined, 'file_num12_frame_7.jpg', { recording: 12, frame: 7 }],
    [undefined, 'pred_file_num12_frame_7_v2.png', { recording: 12, frame: 7 }],
    [undefined, '0007.png', undefined],
    ['numbered', 'shot_a2_0012.png', { recording: 0, frame: 12 }],
    ['numbered', 'no number.png', undefined],
    ['frame_{frame}', 'frame_0012.png', { recording: 0, frame: 12 }],
    ['frame_{frame}.png', 'frame_0012.png', { recording: 0, frame: 12 }],
    ['frame_{frame}.png', 'frame_0012.jpg', undefined],
    ['{recording}-{frame}', '3-0012.jpg', { recording: 3, frame: 12 }],
    ['{frame}@{track}', '12@3.jpg', { recording: 3, frame: 12 }],
    ['a.{file}_{frame}', 'ab3_4.jpg', undefined],
    ['frame_%05d.png', 'frame_00042.png', { recording: 0, frame: 42 }],
    ['%d', '42.png', { recording: 0, frame: 42 }],
    ['clip(\\d+)_t(\\d+)', 'x_clip2_t30_y.png', { recording: 2, frame: 30 }],
    ['t(\\d+)', 'clip2_t30.png', { recording: 0, frame: 30 }],
    ['(?<frame>\\d+)of(?<recording>\\d+)', '30of2.png', { recording: 2, frame: 30 }],
    ['render_*.png', 'render_x_0005.png', { recording: 0, frame: 5 }],
    ['render_*.png', 'other_0005.png', undefined],
  ])('reads %j in %s', (pattern, name, position) => {
    expect(frameNaming(pattern).parse(name)).toEqual(position)
  })

  it('takes a folder for one track unless the pattern names a recording', () => {
    expect(frameNaming(undefined).isFolderOneTrack).toBe(false)
    expect(frameNaming('numbered').isFolderOneTrack).toBe(true)
    expect(frameNaming('{frame}').isFolderOneTrack).toBe(true)
    expect(frameNaming('{recording}_{frame}').isFolderOneTrack).toBe(false)
  })

  it.each(['frames', '{index}', '{recording}', '{frame}{frame}', '(', 'a(?:b)'])(
    'refuses %s and says why',
    (pattern) => {
      expect(() => frameNaming(pattern)).toThrow(AppError)
    },
  )
})
