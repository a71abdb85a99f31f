import { formatDuration } from '../../../../shared/domain/format.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Command } from '../command.ts'
import { textTable } from '../table.ts'

const list: Command = {
  name: 'jobs list',
  summary: 'Lists jobs, newest first.',
  flags: [{ name: 'limit', value: 'N', help: 'at most so many (30)' }],
  async run({ flags, session, out }) {
    const jobs = await session.call('jobs.list', { limit: flags.number('limit') ?? 30 })
    for (const job of jobs) out.json({ type: 'job', ...job })
    out.json({ type: 'result', count: jobs.length })
    if (jobs.length === 0) out.print('No jobs yet.')
    else
      out.print(
        textTable(
          [
            ['job', 'what', 'status', 'progress', 'took'],
            ...jobs.map((job) => [
              job.id.slice(0, 8),
              job.title,
              job.status,
              job.progress ? `${job.progress.done} / ${job.progress.total}` : '',
              job.startedAt === undefined
                ? ''
                : formatDuration(((job.finishedAt ?? Date.now()) - job.startedAt) / 1000),
            ]),
          ],
          3,
        ),
      )
    return 0
  },
}

const watch: Command = {
  name: 'jobs watch',
  usage: 'JOB',
  summary: 'Follows a job of any window or terminal until it ends.',
  flags: [],
  async run({ flags, session, out }) {
    const jobId = await findJob(flags.positionals, session)
    const events = session.studio().open('jobs.watch', { jobId }, new AbortController().signal)
    for await (const event of events as AsyncIterable<{
      type: string
      job?: { status: string; progress?: never }
      text?: string
    }>) {
      out.json(event)
      if (event.text !== undefined) out.note(event.text)
      if (event.job?.progress) out.progress(event.job.progress)
    }
    const job = await session.call('jobs.get', { jobId })
    out.print(`${job.title}: ${job.status}${job.error ? `. ${job.error.message}` : ''}`)
    return job.status === 'done' ? 0 : 1
  },
}

const cancel: Command = {
  name: 'jobs cancel',
  usage: 'JOB',
  summary: 'Stops a job; what is finished is kept.',
  flags: [],
  async run({ flags, session, out }) {
    const job = await session.call('jobs.cancel', { jobId: await findJob(flags.positionals, session) })
    out.json({ type: 'result', ...job })
    out.print(`${job.title}: ${job.status === 'running' ? 'asked to stop' : job.status}`)
    return 0
  },
}

async function findJob(
  positionals: readonly string[],
  session: Parameters<Command['run']>[0]['session'],
): Promise<string> {
  const [prefix] = positionals
  if (prefix === undefined)
    throw new AppError('usage', 'Name a job.', { hint: 'parallax jobs list shows them.' })
  const found = (await session.call('jobs.list', { limit: 1000 })).filter(({ id }) => id.startsWith(prefix))
  if (found.length === 1) return found[0].id
  throw new AppError(
    found.length === 0 ? 'not-found' : 'usage',
    found.length === 0 ? `There is no job ${prefix}.` : `${prefix} fits several jobs.`,
    { hint: 'parallax jobs list shows them.' },
  )
}

export const jobsCommands: readonly Command[] = [list, watch, cancel]
