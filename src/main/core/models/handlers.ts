/** Answers the models part of the contract; what takes time is a job. */
import { basename } from 'node:path'
import type { models } from '../../../shared/contract/models.ts'
import type { Handlers } from '../../../shared/contract/operation.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { weightsAt } from './importModel.ts'
import type { ModelStore } from './store.ts'

/** @param start queues a job of `models/jobs.ts`. */
export function modelHandlers(store: ModelStore, start: Jobs['start']): Handlers<typeof models> {
  return {
    'models.list': async () => ({ folder: store.folder, models: await store.list() }),
    'models.install': async (input) => {
      for (const id of input.models ?? []) await store.find(id) // an unknown id is refused before anything starts
      return start('models.install', 'Download weights', input)
    },
    'models.import': ({ path }) => {
      weightsAt(path)
      return start('models.import', `Import ${basename(path)}`, { path })
    },
    'models.verify': async (input) => {
      const what = input.model === undefined ? 'weights' : (await store.find(input.model)).title
      return start('models.verify', `Verify ${what}`, input)
    },
  }
}
