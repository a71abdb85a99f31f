import { describe, expect, it } from 'vitest'
import type { ParsedLog } from '../../../../../src/main/core/training/logs/readLog.ts'
import { readSeries, type SeriesOptions } from '../../../../../src/main/core/training/logs/series.ts'
import { parse, record, stepRecord } from './samples.ts'

const options = (keys: string[], more: Partial<SeriesOptions> = {}): SeriesOptions => ({
  keys,
  maxPoints: 2000,
  x: 'step',
  smoothing: 0,
  perMicroBatch: false,
  ...more,
})
const steps = (
  from: number,
  to: number,
  loss: (step: number) => number,
  more: { pid?: number; at?: number } = {},
) =>
  Array.from({ length: to - from + 1 }, (_, index) =>
    stepRecord(from + index, loss(from + index), {
      pid: more.pid,
      seconds: (more.at ?? 0) + (from + index) * 10,
    }),
  ).join('')
const argumentsOf = (accumulation: number) =>
  record(0, `training_args: TrainingArguments(\ngradient_accumulation_steps=${accumulation},\n)`)

describe('readSeries', () => {
  it('merges launches by step, the later one winning', () => {
    const first = parse(steps(1, 6, () => 1))
    const resumed = parse(steps(5, 8, () => 2, { pid: 300, at: 1000 }))
    const [series] = readSeries([first, resumed], options(['Loss']))
    expect(series).toMatchObject({
      x: [1, 2, 3, 4, 5, 6, 7, 8],
      y: [1, 1, 1, 1, 2, 2, 2, 2],
      points: 8,
      stepSource: 'logged',
    })
  })

  it('takes one of two processes that write the same file at the same time, and both when one follows the other', () => {
    const both = Array.from(
      { length: 10 },
      (_, index) => stepRecord(index + 1, 1) + stepRecord(index + 1, 9, { pid: 200 }),
    ).join('')
    expect(readSeries([parse(both)], options(['Loss']))[0]).toMatchObject({
      points: 10,
      y: Array(10).fill(1),
    })
    const restarted = steps(1, 4, () => 1) + steps(3, 6, () => 2, { pid: 200, at: 500 })
    expect(readSeries([parse(restarted)], options(['Loss']))[0]).toMatchObject({ y: [1, 1, 2, 2, 2, 2] })
  })

  it('divides Loss by the micro-batches it adds up, which total_loss beside it tells', () => {
    const micro = (log: ParsedLog) =>
      readSeries([log], options(['Loss', 'total_loss'], { perMicroBatch: true })).map(({ y }) => y[0])
    const text = steps(1, 4, () => 32)
    expect(micro(parse(argumentsOf(16) + text.replaceAll("'total_loss': 32", "'total_loss': 1.03")))).toEqual(
      [32 / 31, 1.03],
    )
    // A mean already, whatever the settings say.
    expect(micro(parse(argumentsOf(16) + text))).toEqual([32, 32])
    // Nothing to compare with: the settings.
    const plain = parse(argumentsOf(16) + text.replaceAll(/ \| Other Info: \{.*?\}/g, ''))
    expect(readSeries([plain], options(['Loss'], { perMicroBatch: true }))[0]!.y[0]).toBe(2)
    expect(readSeries([plain], options(['Loss']))[0]!.y).toEqual([32, 32, 32, 32])
  })

  it('smooths a zoomed curve with what came before, by step and by time', () => {
    const log = parse(steps(1, 10, (step) => (step < 5 ? 0 : 1)))
    const [whole] = readSeries([log], options(['Loss'], { smoothing: 0.5 }))
    const [cut] = readSeries([log], options(['Loss'], { smoothing: 0.5, from: 6, to: 8 }))
    expect(cut!.smoothed).toEqual(whole!.smoothed!.slice(5, 8))
    const [timed] = readSeries([log], options(['Loss'], { x: 'time' }))
    const [inside] = readSeries([log], options(['Loss'], { x: 'time', from: timed!.x[2]!, to: timed!.x[4]! }))
    expect(inside!.x).toEqual(timed!.x.slice(2, 5))
  })

  it('places loss lines within the step that ends with them, or counts them', () => {
    const forward = (seconds: number) => record(seconds, 'total_loss: 1.0')
    const [mixed] = readSeries(
      [
        parse(
          forward(1) +
            forward(2) +
            stepRecord(1, 5) +
            forward(11) +
            forward(12) +
            stepRecord(2, 5) +
            forward(21),
        ),
      ],
      options(['loss:line:total_loss']),
    )
    expect(mixed).toMatchObject({ x: [0.5, 1, 1.5, 2, 3], stepSource: 'logged' })
    const [counted] = readSeries([parse(argumentsOf(2) + forward(1).repeat(4))], options(['total_loss']))
    expect(counted).toMatchObject({ x: [0.5, 1, 1.5, 2], stepSource: 'counted' })
  })

  it('cuts a range of steps, and draws over time', () => {
    const log = parse(steps(1, 10, (step) => step))
    expect(readSeries([log], options(['Loss'], { from: 3, to: 5 }))[0]!.y).toEqual([3, 4, 5])
    const timed = readSeries([log], options(['Loss'], { x: 'time' }))[0]!
    expect(timed.x[1]! - timed.x[0]!).toBe(10)
  })

  it('breaks the curve at a NaN and reports it', () => {
    const text = stepRecord(1, 1) + stepRecord(2, 'nan') + stepRecord(3, 3)
    expect(readSeries([parse(text)], options(['Loss'], { smoothing: 0.5 }))[0]).toMatchObject({
      y: [1, null, 3],
      smoothed: [1, null, (0.25 + 1.5) / 0.75],
      nonFinite: [{ x: 2, value: 'NaN' }],
    })
  })

  it('keeps every extreme of a million points within the points asked for', () => {
    const lines: string[] = []
    for (let step = 1; step <= 20_000; step++)
      lines.push(stepRecord(step, step === 12_345 ? 99 : 1 + (step % 7) / 10))
    const log = parse(lines.join(''))
    const [series] = readSeries([log], options(['Loss'], { maxPoints: 500 }))
    expect(series!.x.length).toBeLessThanOrEqual(500)
    expect(Math.max(...series!.y.map((value) => value ?? 0))).toBe(99)
    expect(series).toMatchObject({ points: 20_000 })
  })

  it('says which keys there are when one is missing', () => {
    expect(() => readSeries([parse(stepRecord(1, 1))], options(['nope']))).toThrow(/no log.*nope/i)
  })
})
