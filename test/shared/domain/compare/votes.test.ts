import { describe, expect, it } from 'vitest'
import { bradleyTerry, wilsonInterval } from '../../../../src/shared/domain/compare/intervals.ts'
import { ballot, countVotes, type Vote } from '../../../../src/shared/domain/compare/votes.ts'

const frames = Array.from({ length: 30 }, (_, index) => `frame_${index}`)

describe('a ballot', () => {
  it('is the same for the same seed and another for another', () => {
    expect(ballot(frames, 2, 20, 7)).toEqual(ballot(frames, 2, 20, 7))
    expect(ballot(frames, 2, 20, 7)).not.toEqual(ballot(frames, 2, 20, 8))
  })

  it('asks every pair equally often, each side equally often, each frame before any twice', () => {
    const questions = ballot(frames, 3, 30, 1)
    const count = (test: (left: number, right: number) => boolean) =>
      questions.filter(({ left, right }) => test(left, right)).length
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      expect(count((left, right) => left === a && right === b)).toBe(5)
      expect(count((left, right) => left === b && right === a)).toBe(5)
    }
    expect(new Set(questions.map(({ frame }) => frame)).size).toBe(30)
  })

  it('begins again with the frames when there are more questions than frames', () => {
    const asked = ballot(frames.slice(0, 4), 2, 10, 3).map(({ frame }) => frame)
    expect(new Set(asked).size).toBe(4)
    expect(asked).toHaveLength(10)
  })
})

describe('intervals', () => {
  it('are those of Wilson for shares', () => {
    // R: prop.test(8, 10, correct = FALSE) gives 0.4901625 to 0.9433178.
    const interval = wilsonInterval(8, 10)!
    expect(interval.low).toBeCloseTo(0.4901625, 6)
    expect(interval.high).toBeCloseTo(0.9433178, 6)
    expect(wilsonInterval(0, 10)!.low).toBe(0)
    expect(wilsonInterval(0, 0)).toBeUndefined()
  })

  it('of Bradley and Terry follow from the odds for two candidates', () => {
    // With the virtual half votes the odds are 30.5 : 10.5, and the variance of a logit is 1/30.5 + 1/10.5.
    const [a, b] = bradleyTerry([
      [0, 30],
      [10, 0],
    ])
    expect(a!.log - b!.log).toBeCloseTo(Math.log(30.5 / 10.5), 8)
    const deviationOfDifference = Math.sqrt(1 / 30.5 + 1 / 10.5)
    expect(a!.high - a!.log).toBeCloseTo((1.959963984540054 * deviationOfDifference) / 2, 6)
  })

  it('recover known strengths from many votes', () => {
    const strengths = [4, 2, 1]
    const wins = strengths.map((a, i) =>
      strengths.map((b, j) => (i === j ? 0 : Math.round((6000 * a) / (a + b)))),
    )
    const found = bradleyTerry(wins)
    expect(found[0]!.log - found[1]!.log).toBeCloseTo(Math.log(2), 2)
    expect(found[1]!.log - found[2]!.log).toBeCloseTo(Math.log(2), 2)
    expect(found[0]!.low).toBeGreaterThan(found[1]!.high)
  })

  it('stay finite for a candidate that never lost, and say nothing of one that met nobody', () => {
    const [best, worst, absent] = bradleyTerry([
      [0, 9, 0],
      [0, 0, 0],
      [0, 0, 0],
    ])
    expect(Number.isFinite(best!.high)).toBe(true)
    expect(best!.log).toBeGreaterThan(worst!.log)
    expect(absent).toBeUndefined()
  })
})

describe('counting votes', () => {
  const vote = (left: number, right: number, choice: Vote['choice']): Vote => ({
    frame: 'f',
    left,
    right,
    choice,
  })

  it('counts a tie half for both, whatever the side', () => {
    const result = countVotes(
      [vote(0, 1, 'left'), vote(1, 0, 'right'), vote(1, 0, 'left'), vote(0, 1, 'tie')],
      2,
    )
    expect(result.wins).toEqual([
      [0, 2.5],
      [1.5, 0],
    ])
    expect(result.shares[0]).toMatchObject({ share: 0.625, n: 4 })
    expect(result.ties).toBe(1)
    expect(result.strengths).toBeUndefined()
  })
})
