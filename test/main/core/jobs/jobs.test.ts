import { describe, expect, it } from 'vitest'
import type { JobEvent } from '../../../../src/shared/contract/jobs.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import { createJobs } from '../../../../src/main/core/jobs/jobs.ts'
import { jobsRepository } from '../../../../src/main/core/jobs/jobs.repository.ts'
import { createProgressMeter } from '../../../../src/main/core/jobs/progressMeter.ts'
import { isOwnerAlive, ownerOfThisProcess } from '../../../../src/main/core/jobs/owner.ts'
import { openDatabase } from '../../../../src/main/core/store/database.ts'

function setUp(door: 'engine' | 'terminal' = 'terminal') {
  const repository = jobsRepository(openDatabase(':memory:'))
  return { repository, jobs: createJobs({ repository, door }) }
}

async function ended(jobs: ReturnType<typeof createJobs>, jobId: string) {
  const events: JobEvent[] = []
  for await (const event of jobs.watch(jobId, new AbortController().signal)) events.push(event)
  return { job: jobs.get(jobId), events }
}

describe('jobs', () => {
  it('run, report, log and keep their result', async () => {
    const { jobs } = setUp()
    jobs.define<{ to: number }, number>({
      kind: 'count',
      lane: 'compute',
      run: async ({ to }, { report, log }) => {
        for (let done = 0; done <= to; done++) report({ stage: 'count', done, total: to, unit: 'steps' })
        log('counted')
        return to
      },
    })
    const { job, events } = await ended(jobs, jobs.start('count', 'Count', { to: 3 }).id)
    expect(job).toMatchObject({ status: 'done', result: 3, progress: { done: 3, total: 3 } })
    expect(jobs.lines(job.id).map(({ text }) => text)).toEqual(['counted'])
    expect(events.some((event) => event.type === 'line' && event.text === 'counted')).toBe(true)
  })

  it('of one lane run one after another, those of two lanes side by side', async () => {
    const { jobs } = setUp()
    const order: string[] = []
    const open = new Map<string, () => void>()
    for (const lane of ['compute', 'encode'] as const) {
      jobs.define<string, void>({
        kind: lane,
        lane,
        run: (name) =>
          new Promise((resolve) => {
            order.push(name)
            open.set(name, resolve)
          }),
      })
    }
    const first = jobs.start('compute', '', 'a')
    jobs.start('compute', '', 'b')
    jobs.start('encode', '', 'c')
    expect(order).toEqual(['a', 'c'])
    open.get('a')!()
    await ended(jobs, first.id)
    await new Promise((resolve) => setImmediate(resolve))
    expect(order).toEqual(['a', 'c', 'b'])
  })

  it('that fail keep the sentence of their error', async () => {
    const { jobs } = setUp()
    jobs.define({
      kind: 'fail',
      lane: 'scan',
      run: () => Promise.reject(new AppError('disk-full', 'No room.', { hint: 'Make some.' })),
    })
    const { job } = await ended(jobs, jobs.start('fail', '', {}).id)
    expect(job).toMatchObject({
      status: 'failed',
      error: { code: 'disk-full', message: 'No room.', hint: 'Make some.' },
    })
  })

  it('stop when cancelled, also by another process through the database', async () => {
    const { jobs, repository } = setUp()
    jobs.define<unknown, void>({
      kind: 'wait',
      lane: 'scan',
      run: (_input, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted'))),
        ),
    })
    const here = jobs.start('wait', '', {})
    jobs.cancel(here.id)
    expect((await ended(jobs, here.id)).job.status).toBe('cancelled')
    const elsewhere = jobs.start('wait', '', {})
    repository.requestCancel(elsewhere.id)
    expect((await ended(jobs, elsewhere.id)).job.status).toBe('cancelled')
  })

  it.each([
    ['engine:999999999:1', 'engine', 'done'],
    ['engine:999999999:1', 'terminal', 'queued'],
    ['terminal:999999999:1', 'engine', 'interrupted'],
    ['terminal:999999999:1', 'terminal', 'interrupted'],
  ] as const)('of a dead %s, seen by an opening %s, become %s', async (dead, door, status) => {
    const { jobs, repository } = setUp(door)
    jobs.define({ kind: 'work', lane: 'scan', run: () => Promise.resolve('again') })
    repository.add({ id: 'orphan', kind: 'work', title: '', input: {}, owner: dead })
    repository.start('orphan', dead)
    jobs.adoptOrphans()
    if (status !== 'queued') await ended(jobs, 'orphan')
    expect(jobs.get('orphan').status).toBe(status)
  })

  it('that end every engine are not run for ever', async () => {
    const { repository } = setUp()
    repository.add({ id: 'killer', kind: 'work', title: '', input: {}, owner: 'engine:999999999:1' })
    let runs = 0
    for (let engine = 0; engine < 6; engine++) {
      const jobs = createJobs({ repository, door: 'engine' })
      jobs.define({ kind: 'work', lane: 'scan', run: () => new Promise(() => runs++) })
      jobs.adoptOrphans()
      // The engine dies here: its job stays as it is, and its owner is gone.
      if (repository.requeue('killer', ownerOfThisProcess('engine'), 'engine:999999999:1'))
        repository.start('killer', 'engine:999999999:1')
    }
    expect(runs).toBe(4)
    expect(repository.get('killer')).toMatchObject({
      status: 'interrupted',
      error: { code: 'process-failed' },
    })
  })

  it('of a dead engine go to one of the engines that see them, and only that one runs them', () => {
    const { repository } = setUp()
    repository.add({ id: 'orphan', kind: 'work', title: '', input: {}, owner: 'engine:999999999:1' })
    expect(repository.requeue('orphan', 'engine:999999999:1', 'engine:1:1')).toBe(true)
    expect(repository.requeue('orphan', 'engine:999999999:1', 'engine:2:2')).toBe(false)
    expect(repository.start('orphan', 'engine:2:2')).toBe(false)
    expect(repository.start('orphan', 'engine:1:1')).toBe(true)
    expect(repository.start('orphan', 'engine:1:1')).toBe(false)
  })

  it('of living processes are left alone', () => {
    const { jobs, repository } = setUp('engine')
    jobs.define({ kind: 'work', lane: 'scan', run: () => Promise.resolve('again') })
    repository.add({ id: 'theirs', kind: 'work', title: '', input: {}, owner: ownerOfThisProcess('engine') })
    repository.start('theirs', ownerOfThisProcess('engine'))
    jobs.adoptOrphans()
    expect(jobs.get('theirs').status).toBe('running')
  })

  it('can be tried again', async () => {
    const { jobs } = setUp()
    let attempts = 0
    jobs.define({
      kind: 'flaky',
      lane: 'scan',
      run: () => (++attempts === 1 ? Promise.reject(new Error('once')) : Promise.resolve('fine')),
    })
    const { id } = jobs.start('flaky', '', {})
    expect((await ended(jobs, id)).job.status).toBe('failed')
    jobs.retry(id)
    expect((await ended(jobs, id)).job).toMatchObject({ status: 'done', result: 'fine' })
  })

  it.each([
    ['terminal', 'interrupted'],
    ['engine', 'queued'],
  ] as const)('under way when a %s closes are %s, not lost', async (door, status) => {
    const { jobs } = setUp(door)
    jobs.define<unknown, void>({
      kind: 'wait',
      lane: 'scan',
      run: (_input, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted'))),
        ),
    })
    const { id } = jobs.start('wait', '', {})
    await jobs.close()
    expect(jobs.get(id).status).toBe(status)
  })
})

describe('an owner', () => {
  it('is alive while its process is, and not when the pid belongs to a later process', () => {
    const own = ownerOfThisProcess('engine')
    expect(isOwnerAlive(own)).toBe(true)
    const [door, pid, start] = own.split(':')
    if (start !== '') expect(isOwnerAlive(`${door}:${pid}:${Number(start) + 1}`)).toBe(false)
    expect(isOwnerAlive('engine:999999999:1')).toBe(false)
  })
})

describe('the progress meter', () => {
  it('gives rate and time left over the last seconds, from the start of each stage', () => {
    let now = 0
    const meter = createProgressMeter(() => now)
    expect(meter({ stage: 'a', done: 0, total: 100, unit: 'pairs' }).ratePerSecond).toBeUndefined()
    now = 1000
    expect(meter({ stage: 'a', done: 10, total: 100, unit: 'pairs' })).toMatchObject({
      ratePerSecond: 10,
      secondsLeft: 9,
    })
    for (now = 2000; now <= 20_000; now += 1000)
      meter({ stage: 'a', done: 10 + (now - 1000) / 500, total: 100, unit: 'pairs' })
    expect(meter({ stage: 'a', done: 50, total: 100, unit: 'pairs' }).ratePerSecond).toBeCloseTo(2, 0)
    expect(meter({ stage: 'b', done: 0, total: 5, unit: 'pairs' }).ratePerSecond).toBeUndefined()
  })
})
