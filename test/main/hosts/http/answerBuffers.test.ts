import { describe, expect, it } from 'vitest'
import { keepAnswerBuffers } from '../../../../src/main/hosts/http/answerBuffers.ts'

describe('memory for large answers', () => {
  it('is used again by an answer that fits', () => {
    const { take, giveBack } = keepAnswerBuffers()
    const first = take(700_000)
    giveBack(first)
    const second = take(900_000)
    expect(second.buffer).toBe(first.buffer)
    expect([first.length, second.length]).toEqual([700_000, 900_000])
  })

  it('belongs to one answer at a time', () => {
    const { take, giveBack } = keepAnswerBuffers()
    giveBack(take(10))
    expect(take(10).buffer).not.toBe(take(10).buffer)
  })

  it('is made anew for an answer that is too large for what is kept', () => {
    const { take, giveBack } = keepAnswerBuffers()
    const small = take(2 ** 20)
    giveBack(small)
    const large = take(2 ** 20 + 1)
    expect(large.buffer).not.toBe(small.buffer)
    expect(large.length).toBe(2 ** 20 + 1)
    expect(take(5).buffer).toBe(small.buffer)
  })

  it('is not hoarded: a few are kept, and no giants', () => {
    const { take, giveBack } = keepAnswerBuffers()
    const many = Array.from({ length: 20 }, () => take(1))
    many.forEach(giveBack)
    const again = new Set(Array.from({ length: 20 }, () => take(1).buffer))
    expect(many.filter(({ buffer }) => again.has(buffer))).toHaveLength(8)
    const giant = take(40 * 2 ** 20)
    giveBack(giant)
    expect(take(40 * 2 ** 20).buffer).not.toBe(giant.buffer)
  })
})
