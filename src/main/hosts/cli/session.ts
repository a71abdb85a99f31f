/** A studio opened for one command, with typed calls, and jobs that are followed until they end. */
import { resolve } from 'node:path'
import type { z } from 'zod'
import type { Contract } from '../../../shared/contract/index.ts'
import { contract } from '../../../shared/contract/index.ts'
import type { Job } from '../../../shared/contract/jobs.ts'
import { AppError, type AppErrorData } from '../../../shared/errors.ts'
import { createStudio, type Studio } from '../../core/studio.ts'
import { homeFolder, resourcesDir, studioVersion, supervisor, workerEntry } from '../../paths.ts'
import type { Output } from './output.ts'

type Callable = {
  [Name in keyof Contract]: Contract[Name]['kind'] extends 'stream' ? never : Name
}[keyof Contract]

export type Session = {
  /** Absolute path of the workspace the command works in. */
  workspace: string
  home: string
  /** Opens the studio on first use and calls it. @throws AppError */
  call<Name extends Callable>(
    name: Name,
    input: z.input<Contract[Name]['input']>,
  ): Promise<z.output<Contract[Name]['output']>>
  /** Follows a job to its end, with progress and log lines; Ctrl-C cancels it. @throws AppError when it did not finish. */
  follow(jobId: string): Promise<Job>
  /** The studio itself, for doors that keep it open. */
  studio(): Studio
  close(): Promise<void>
}

/** @param door `engine` when the command stays and serves others, `terminal` otherwise. */
export function createSession(options: {
  workspace: string | undefined
  out: Output
  door: 'engine' | 'terminal'
}): Session {
  const { out } = options
  const home = homeFolder()
  let opened: Studio | undefined
  const studio = () =>
    (opened ??= createStudio({
      home,
      resourcesDir,
      version: studioVersion,
      door: options.door,
      workerEntry,
      supervisor,
    }))

  const session: Session = {
    workspace: resolve(options.workspace ?? process.cwd()),
    home,
    studio,
    async call(name, input) {
      const reply = await studio().call(name, input)
      if (!reply.ok) throw AppError.fromData(reply.error)
      return contract[name].output.parse(reply.value) as never
    },
    async follow(jobId) {
      const cancel = () => {
        out.note('Stopping; what is finished is kept…')
        void studio().call('jobs.cancel', { jobId })
      }
      process.once('SIGINT', cancel)
      process.once('SIGTERM', cancel)
      try {
        const events = studio().open('jobs.watch', { jobId }, new AbortController().signal)
        let last: Job | undefined
        for await (const event of events as AsyncIterable<
          { type: 'job'; job: Job } | { type: 'line'; text: string }
        >) {
          if (event.type === 'line') out.note(event.text)
          else {
            last = event.job
            if (last.status === 'running' && last.progress) out.progress(last.progress)
          }
        }
        out.clearProgress()
        if (last?.status !== 'done')
          throw AppError.fromData(
            (last?.error as AppErrorData | undefined) ?? {
              code: 'internal',
              message: 'The job ended without a result.',
            },
          )
        return last
      } finally {
        process.off('SIGINT', cancel)
        process.off('SIGTERM', cancel)
      }
    },
    async close() {
      await opened?.close()
    },
  }
  return session
}
