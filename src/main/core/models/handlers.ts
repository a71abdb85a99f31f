/** Answers the models part of the contract. Downloads are a job, so they can be watched and cancelled. */
import type { z } from 'zod'
import type { Job } from '../../../shared/contract/jobs.ts'
import type { installRequest, models } from '../../../shared/contract/models.ts'
import type { Handlers } from '../../../shared/contract/operation.ts'
import type { JobKind } from '../jobs/jobs.ts'
import type { ModelStore } from './store.ts'

export type InstallRequest = z.output<typeof installRequest>
export type InstallResult = { installed: string[] }

/**
 * @param startInstall queues `installJob` with its input and gives the job.
 */
export function modelHandlers(
  store: ModelStore,
  startInstall: (input: InstallRequest) => Job,
): Handlers<typeof models> {
  return {
    'models.list': async () => ({ folder: store.folder, models: await store.list() }),
    'models.install': async (input) => {
      for (const id of input.models ?? []) await store.find(id) // an unknown id is refused before anything starts
      return startInstall(input)
    },
    'models.import': ({ path }) => store.import(path),
    'models.verify': ({ model }) => store.verify(model),
  }
}

/** The job that downloads models one after another: those asked for, or all that are not whole. */
export function installJob(store: ModelStore): JobKind<InstallRequest, InstallResult> {
  return {
    kind: 'models.install',
    lane: 'transfer',
    async run(input, { signal, report, log }) {
      const ids =
        input.models ??
        (await store.list()).filter(({ status }) => status !== 'installed').map(({ id }) => id)
      const installed: string[] = []
      for (const id of ids) {
        const info = await store.install(id, {
          signal,
          onProgress: ({ file, doneBytes, totalBytes }) =>
            report({ stage: file, done: doneBytes, total: totalBytes, unit: 'bytes' }),
        })
        log(`${info.title}: ${info.path ?? 'not found after the download'}`)
        installed.push(id)
      }
      return { installed }
    },
  }
}
