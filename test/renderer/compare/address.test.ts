import { describe, expect, it } from 'vitest'
import { formatAddress, parseAddress } from '../../../src/renderer/src/features/compare/address.ts'
import { shortLabels } from '../../../src/renderer/src/features/compare/comparison.ts'

describe('the address of a pair', () => {
  it('reads run and runs, and leaves out what has no meaning', () => {
    expect(parseAddress(new URLSearchParams('run=a&frame=12'))).toEqual({
      runIds: ['a'],
      clips: [],
      frame: 12,
    })
    expect(parseAddress(new URLSearchParams('runs=a,b,a&run=b&mode=wipe&frame=-1&loop=9-3'))).toEqual({
      runIds: ['a', 'b'],
      clips: [],
      mode: 'wipe',
    })
    expect(parseAddress(new URLSearchParams('run=a&metric=SSIM&at=worst'))).toMatchObject({ at: 'worst' })
    expect(parseAddress(new URLSearchParams('frame=x&mode=sideways&at=middle'))).toEqual({
      runIds: [],
      clips: [],
    })
  })

  it('comes back as it was written', () => {
    const address = {
      runIds: ['a', 'b'],
      clips: ['/videos/a & b.mp4', 'C:\\clips\\c.webm'],
      name: 'file_num1_frame_2 & more.jpg',
      mode: 'ssim' as const,
      metric: 'PSNR',
      loop: [3, 9] as [number, number],
    }
    expect(parseAddress(new URLSearchParams(formatAddress(address).split('?')[1]))).toEqual(address)
  })

  it('names runs as shortly as they can be told apart', () => {
    const run = (experiment: string, timestamp: string) => ({
      experiment,
      timestamp,
      label: `${experiment} / ${timestamp}`,
    })
    expect(shortLabels([run('exp1', 'test_20260101_101010'), run('exp2', 'test_20260101_101010')])).toEqual([
      'exp1',
      'exp2',
    ])
    expect(shortLabels([run('exp1', 'test_20260101_101010'), run('exp1', 'test_20260102_111111')])).toEqual([
      'exp1 · 101010',
      'exp1 · 111111',
    ])
    expect(shortLabels([run('exp1', 't'), run('exp1', 't')])).toEqual(['exp1 · t #1', 'exp1 · t #2'])
  })
})
