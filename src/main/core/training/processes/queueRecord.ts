import { maskArguments, secretNames } from '../../../../shared/domain/secrets.ts'
import type { CommandRequest } from './prepareCommand.ts'

/** What a queued process needs to start later, as a file of its folder. `unstored` says which secrets only the memory of `owner` has. */
export type QueueRecord = { request: CommandRequest; owner: string; unstored: string[] }
export const queueFile = 'queue.json'

/** The request as it may be stored: secrets are left out and named. A secret among the arguments cannot come back. */
export function queueRecord(request: CommandRequest, owner: string): QueueRecord {
  const secrets = secretNames(request.env)
  const env = Object.fromEntries(Object.entries(request.env).filter(([name]) => !secrets.includes(name)))
  const argv = maskArguments(request.argv)
  const isArgumentSecret = argv.some((argument, index) => argument !== request.argv[index])
  return {
    request: {
      argv,
      cwd: request.cwd,
      env,
      ...(request.python === undefined ? {} : { python: request.python }),
    },
    owner,
    unstored: isArgumentSecret ? [...secrets, 'an argument'] : secrets,
  }
}
