import { describe, expect, it } from 'vitest'
import { createLogBuffer } from '../../../../src/renderer/src/features/train/processes/logBuffer.ts'

describe('createLogBuffer', () => {
  it('joins pieces that end in the middle of a line', () => {
    const buffer = createLogBuffer()
    for (const piece of ['on', 'e\ntw', 'o\n', 'th']) buffer.append(piece)
    expect(buffer.lines).toEqual(['one', 'two', 'th'])
  })

  it('draws a progress bar over itself, also when the return and the next text come apart', () => {
    const buffer = createLogBuffer()
    buffer.append('start\n 10%|#\r 20%|##\r')
    buffer.append(' 30%|###')
    expect(buffer.lines).toEqual(['start', ' 30%|###'])
    buffer.append('\rdone\nnext')
    expect(buffer.lines).toEqual(['start', 'done', 'next'])
  })

  it('reads Windows line ends as line ends', () => {
    const buffer = createLogBuffer()
    buffer.append('one\r\ntwo\r\n')
    expect(buffer.lines).toEqual(['one', 'two', ''])
  })

  it('leaves out the colours of a terminal', () => {
    const buffer = createLogBuffer()
    buffer.append('\u001b[31mred\u001b[0m plain\n')
    expect(buffer.lines[0]).toBe('red plain')
  })

  it('leaves out colours whose code comes in two pieces', () => {
    const buffer = createLogBuffer()
    buffer.append('\u001b')
    buffer.append('[3')
    buffer.append('1mred\u001b[0')
    buffer.append('m plain')
    expect(buffer.lines).toEqual(['red plain'])
  })

  it('cuts a line that never ends, and goes on after it', () => {
    const buffer = createLogBuffer()
    for (let piece = 0; piece < 50; piece++) buffer.append('x'.repeat(1_000_000))
    buffer.append('\nnext')
    expect(buffer.lines.map(({ length }) => length)).toEqual([20_000, 4])
  })

  it('keeps the newest lines and says how many went', () => {
    const buffer = createLogBuffer(100)
    for (let line = 0; line < 1000; line++) buffer.append(`line ${line}\n`)
    expect(buffer.lines.length).toBeLessThanOrEqual(126)
    expect(buffer.lines.at(-2)).toBe('line 999')
    expect(buffer.dropped + buffer.lines.length).toBe(1001)
  })

  it('cuts a line that does not end', () => {
    const buffer = createLogBuffer()
    for (let piece = 0; piece < 50; piece++) buffer.append('x'.repeat(1000))
    expect(buffer.lines[0]).toHaveLength(20_000)
  })

  it('begins anew when cleared', () => {
    const buffer = createLogBuffer()
    buffer.append('a\nb\r')
    buffer.clear()
    buffer.append('c')
    expect(buffer.lines).toEqual(['c'])
  })
})
