import { describe, expect, it } from 'vitest'
import { AppError, toAppError } from '../../src/shared/errors.ts'

describe('an error', () => {
  it('of the system becomes a sentence with its path and what to try', () => {
    const error = toAppError(Object.assign(new Error('x'), { code: 'ENOSPC', path: '/data/f' }))
    expect(error.toData()).toMatchObject({
      code: 'disk-full',
      message: '/data/f could not be written: the disk is full.',
    })
    expect(error.hint).toContain('Free some space')
  })

  it('of SQLite is told by its plain code', () => {
    expect(toAppError(Object.assign(new Error('x'), { code: 'SQLITE_FULL' })).message).toBe(
      'The database could not be written: the disk is full.',
    )
    expect(toAppError(Object.assign(new Error('x'), { code: 'SQLITE_BUSY_SNAPSHOT' })).code).toBe('conflict')
  })

  it('that crossed a door is the same as before, without stack or cause', () => {
    const error = new AppError('usage', 'Wrong.', {
      hint: 'Try.',
      details: { a: 1 },
      cause: new Error('deep'),
    })
    const data = JSON.parse(JSON.stringify(error.toData())) as ReturnType<AppError['toData']>
    expect(data).toEqual({ code: 'usage', message: 'Wrong.', hint: 'Try.', details: { a: 1 } })
    expect(AppError.fromData(data).toData()).toEqual(data)
  })

  it('of another kind keeps its text as an internal one', () => {
    expect(toAppError(new TypeError('no'), 'LPIPS').toData()).toEqual({
      code: 'internal',
      message: 'LPIPS: no',
    })
    expect(toAppError('text').message).toBe('text')
  })
})
