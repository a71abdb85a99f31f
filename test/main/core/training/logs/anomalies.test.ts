import { describe, expect, it } from 'vitest'
import { findAnomalies } from '../../../../../src/main/core/training/logs/anomalies/index.ts'
import { parse, randomNumbers, record, stepRecord } from './samples.ts'

const codes = (text: string) => findAnomalies(parse(text), Buffer.byteLength(text))
const find = (text: string, code: string) => codes(text).filter((anomaly) => anomaly.code === code)

/** A noisy falling loss. */
function falling(steps: number): number[] {
  const random = randomNumbers(7)
  return Array.from({ length: steps }, (_, index) => 3 * Math.exp(-index / 100) + 0.5 + 0.3 * random())
}
const logOf = (losses: readonly (number | string)[]) =>
  losses.map((loss, index) => stepRecord(index + 1, loss)).join('')

describe('findAnomalies', () => {
  it('finds nothing wrong with a healthy run', () => {
    expect(codes(logOf(falling(500))).filter(({ severity }) => severity !== 'note')).toEqual([])
  })

  it('names the key and the first step of a NaN', () => {
    const losses: (number | string)[] = falling(100)
    losses[41] = 'nan'
    losses[42] = 'inf'
    expect(find(logOf(losses), 'non-finite')).toMatchObject([
      {
        key: 'Loss',
        step: 42,
        line: 42,
        severity: 'error',
        message: 'Loss is NaN 2 times, first at step 42',
      },
      { key: 'total_loss', step: 42 },
    ])
  })

  it('tells an explosion from a spike', () => {
    const losses = falling(300)
    losses[150] = 50
    expect(find(logOf(losses), 'loss-explosion')).toEqual([])
    const exploded = losses.map((loss, index) => (index >= 200 ? loss + 40 : loss))
    expect(find(logOf(exploded), 'loss-explosion')).toMatchObject([{ key: 'Loss', step: 201 }])
  })

  it('finds an explosion that a run died of', () => {
    expect(find(logOf([...falling(100), 80, 900, 9000]), 'loss-explosion')).toMatchObject([{ step: 101 }])
  })

  it('points out a stall, and sums up pauses that come regularly', () => {
    let seconds = 0
    const stalled = falling(100).map((loss, index) =>
      stepRecord(index + 1, loss, { seconds: (seconds += index === 60 ? 3600 : 10) }),
    )
    expect(find(stalled.join(''), 'stall')).toMatchObject([{ step: 61 }])
    seconds = 0
    const regular = falling(100).map((loss, index) =>
      stepRecord(index + 1, loss, { seconds: (seconds += index % 10 === 9 ? 400 : 10) }),
    )
    expect(find(regular.join(''), 'stall')).toEqual([])
    expect(find(regular.join(''), 'regular-pauses')).toHaveLength(1)
  })

  it('notices a clock that jumps back, steps that go back and two writers', () => {
    const text =
      stepRecord(1, 1) +
      stepRecord(2, 1, { seconds: -3600 }) +
      stepRecord(3, 1) +
      stepRecord(1, 1, { pid: 200, seconds: 40 }) +
      stepRecord(2, 1, { seconds: 41 })
    expect(codes(text).map(({ code }) => code)).toEqual(
      expect.arrayContaining(['clock-backwards', 'steps-backwards', 'several-writers', 'several-processes']),
    )
  })

  it('says that a run just stops unless the trainer wrote its last line', () => {
    expect(find(logOf([1, 2]), 'ends-without-summary')).toHaveLength(1)
    const ended = logOf([1, 2]) + record(30, '[ Step 2 ] Epoch: 1.00')
    expect(find(ended, 'ends-without-summary')).toEqual([])
    expect(find(ended, 'end-of-training')).toMatchObject([{ line: 3 }])
  })

  it('counts tracebacks of a console log', () => {
    expect(
      find('Traceback (most recent call last):\n  File "a.py"\nValueError: x\n', 'traceback'),
    ).toMatchObject([{ line: 1 }])
    expect(find('[rank1]: Traceback (most recent call last):\n', 'traceback')).toHaveLength(1)
  })
})
