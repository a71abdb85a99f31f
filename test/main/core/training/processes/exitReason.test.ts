import { describe, expect, it } from 'vitest'
import { exitReason, lastTraceback } from '../../../../../src/main/core/training/processes/exitReason.ts'
import type { ExitRecord } from '../../../../../src/main/core/training/processes/runFolder.ts'

const exit = (more: Partial<ExitRecord>): ExitRecord => ({
  exitCode: null,
  signal: null,
  endedAt: 0,
  oomKills: null,
  ...more,
})
const reason = (more: Partial<ExitRecord>, ...output: string[]) =>
  exitReason({ exit: exit(more), wasAskedToStop: false, output })

describe('exitReason', () => {
  it('gives the exception of the last traceback and not of an earlier, handled one', () => {
    const text = `Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: 'x'\nretrying\n\nTraceback (most recent call last):\n  File "b.py", line 2, in f\n    raise ValueError("bad")\nValueError: bad\n`
    expect(reason({ exitCode: 1 }, text)).toMatchObject({
      kind: 'failed',
      text: 'Failed with exit code 1: ValueError: bad',
    })
    expect(lastTraceback([text])).toBe(
      'Traceback (most recent call last):\n  File "b.py", line 2, in f\n    raise ValueError("bad")\nValueError: bad',
    )
  })

  it('does not blame memory for a failure that came later', () => {
    const text = `CUDA out of memory. Retrying with a smaller batch.\nTraceback (most recent call last):\n  File "b.py", line 2\nValueError: bad\n`
    expect(reason({ exitCode: 1 }, text).kind).toBe('failed')
  })

  it.each([
    ['Traceback (most recent call last):\n  File "a.py", line 1\nMemoryError', 1],
    [
      '[rank0]: Traceback (most recent call last):\n[rank0]:   File "a.py", line 1\n[rank0]: torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 1 GiB',
      1,
    ],
    ["terminate called after throwing an instance of 'std::bad_alloc'", 134],
    ['slurmstepd: error: Detected 1 oom_kill event in StepId=1.batch.', 1],
  ])('sees that memory ran out: %s', (text, exitCode) =>
    expect(reason({ exitCode }, text).kind).toBe('out-of-memory'),
  )

  it('says how sure it is about a killed process', () => {
    expect(reason({ signal: 'SIGKILL' }).text).toContain('possibly out of memory')
    expect(reason({ signal: 'SIGKILL', oomKills: 0 })).toMatchObject({
      kind: 'killed',
      text: expect.stringContaining('not by the memory limit') as string,
    })
    expect(reason({ signal: 'SIGKILL', oomKills: 1 }).kind).toBe('out-of-memory')
    expect(reason({ exitCode: 1 }, 'E0101 failed\nSignal 9 (SIGKILL) received by PID 12').kind).toBe('killed')
    expect(reason({ signal: 'SIGBUS' }).text).toContain('/dev/shm')
  })

  it('does not call a requested stop a failure, or an unseen end a success', () => {
    expect(
      exitReason({
        exit: exit({ exitCode: 1 }),
        wasAskedToStop: true,
        output: ['Traceback (most recent call last):\n  x\nKeyboardInterrupt'],
      }).kind,
    ).toBe('stopped')
    expect(exitReason({ exit: exit({ exitCode: 0 }), wasAskedToStop: true, output: [] }).kind).toBe(
      'finished',
    )
    expect(exitReason({ exit: null, wasAskedToStop: false, output: [] }).kind).toBe('lost')
  })
})
