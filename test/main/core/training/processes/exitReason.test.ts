import { describe, expect, it } from 'vitest'
import { exitReason } from '../../../../../src/main/core/training/processes/exitReason.ts'
import { lastTraceback } from '../../../../../src/main/core/training/processes/tracebacks.ts'
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
    expect(lastTraceback([text])?.text).toBe(
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

  it('keeps the causes of a chained exception and names the last one', () => {
    const text = `Traceback (most recent call last):
  File "a.py", line 1, in load
    open(path)
FileNotFoundError: no such file

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "b.py", line 2, in main
    load()
    ~~~~^^
RuntimeError: no data
`
    expect(reason({ exitCode: 1 }, text)).toMatchObject({
      text: 'Failed with exit code 1: RuntimeError: no data',
      traceback: text.trimEnd(),
    })
    const rank = text.replace(/^/gm, '[rank3]: ')
    expect(reason({ exitCode: 1 }, rank).traceback).toBe(text.trimEnd())
  })

  it('keeps the exception of a traceback with hundreds of lines', () => {
    const frames = '  File "a.py", line 1, in f\n    f()\n'.repeat(300)
    const found = reason(
      { exitCode: 1 },
      `Traceback (most recent call last):\n${frames}RecursionError: too deep\n`,
    )
    expect(found.text).toBe('Failed with exit code 1: RecursionError: too deep')
    expect(found.traceback!.split('\n')).toHaveLength(81)
    expect(found.traceback).toMatch(/RecursionError: too deep$/)
  })

  it('says what stood last when there is no traceback', () => {
    expect(
      reason(
        { exitCode: 1 },
        '  File "t.py", line 3\n    print(\n         ^\nSyntaxError: was never closed\n',
      ),
    ).toMatchObject({
      text: 'Failed with exit code 1: SyntaxError: was never closed',
      traceback: '  File "t.py", line 3\n    print(\n         ^\nSyntaxError: was never closed',
    })
    expect(
      reason(
        { exitCode: 2 },
        'usage: t.py [-h]\nt.py: error: unrecognized arguments: --lr\n  3%|▎ | 3/100 [00:01<00:32,  2.00it/s]',
        'step 3',
      ).text,
    ).toBe('Failed with exit code 2. It last wrote: t.py: error: unrecognized arguments: --lr')
  })

  it('blames memory for a killed data loader, but not for an error that has nothing to do with it', () => {
    const killed =
      'Traceback (most recent call last):\n  File "a.py", line 1\nRuntimeError: DataLoader worker (pid 12) is killed by signal: Killed.\n'
    expect(reason({ exitCode: 1, oomKills: 1 }, killed).kind).toBe('out-of-memory')
    const other = 'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: bad\n'
    expect(reason({ exitCode: 1, oomKills: 1 }, other).kind).toBe('failed')
  })

  it('says that a full disk took the last lines', () => {
    expect(reason({ exitCode: 1, freeBytes: 0 }).text).toBe(
      'Failed with exit code 1. The disk that keeps its output is full: the last lines are missing.',
    )
  })

  it('masks secrets in what it quotes', () => {
    const token = 'hf_' + 'a'.repeat(30)
    const found = reason(
      { exitCode: 1 },
      `Traceback (most recent call last):\n  File "a.py", line 1\nValueError: bad token ${token}\n`,
    )
    expect(JSON.stringify(found)).not.toContain(token)
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
