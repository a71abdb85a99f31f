import { describe, expect, it } from 'vitest'
import { findProgressBar } from '../../../../../src/main/core/training/logs/tqdm.ts'

describe('findProgressBar', () => {
  it.each([
    [
      '  0%|          | 1/15700 [00:52<228:16:12, 52.35s/it]',
      { name: '', done: 1, total: 15700, elapsedSeconds: 52, remainingSeconds: 821772 },
    ],
    [
      'eval:  12%|█▏        | 120/1000 [01:00<07:20,  2.00it/s]',
      { name: 'eval', done: 120, total: 1000, elapsedSeconds: 60, remainingSeconds: 440, stepsPerSecond: 2 },
    ],
    ['100%|##########| 5/5 [00:01<00:00,  3.33it/s, loss=0.5]', { done: 5, total: 5, stepsPerSecond: 3.33 }],
    [
      '  0%|          | 0/10 [00:00<?, ?it/s]',
      { done: 0, total: 10, remainingSeconds: null, stepsPerSecond: null },
    ],
    [
      'model.safetensors:  43%|████▎     | 1.05G/2.44G [00:10<00:13, 102MB/s]',
      { name: 'model.safetensors', done: 1.05e9, total: 2.44e9, stepsPerSecond: 102e6 },
    ],
    [
      'Loading checkpoint shards:  50%|█████     | 1/2 [1 day, 02:00:00<1 day, 02:00:00, 93600.00s/it]',
      { elapsedSeconds: 93600, remainingSeconds: 93600 },
    ],
    ['120it [01:00,  2.00it/s]', { done: 120, total: null, elapsedSeconds: 60, stepsPerSecond: 2 }],
    ['images: 12images [00:03,  4.00images/s]', { name: 'images', done: 12, total: null }],
  ])('reads %s', (text, expected) => expect(findProgressBar(text)?.bar).toMatchObject(expected))

  it('says which part of the text the bar takes up', () => {
    const text = `  5%|▌ | 5/100 [00:05<01:35,  1.00s/it]{'loss': 1}`
    expect(text.slice(findProgressBar(text)!.end)).toBe(`{'loss': 1}`)
  })

  it.each(['Trainable percent: 1.38 %', 'a | b | c', 'shape [1, 2, 3]', '[rank0]: x', ''])(
    'finds no bar in %j',
    (text) => {
      expect(findProgressBar(text)).toBeNull()
    },
  )
})
