/** A studio on a folder of its own, and typed calls to it, as a door would make them. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { contract, type Contract } from '../../src/shared/contract/index.ts'
import type { Job } from '../../src/shared/contract/jobs.ts'
import { AppError } from '../../src/shared/errors.ts'
import { createStudio, type Studio } from '../../src/main/core/studio.ts'
import { resourcesDir, supervisor, workerEntry } from '../../src/main/paths.ts'
import { temporaryFolder } from './frames.ts'

export type TestStudio = {
  studio: Studio
  home: string
  call<Name extends keyof Contract>(
    name: Name,
    input: z.input<Contract[Name]['input']>,
  ): Promise<z.output<Contract[Name]['output']>>
  /** Waits until a job has ended, however it ended. */
  finished(jobId: string): Promise<Job>
}

/** Opens a studio. @param home an existing home, to open the same one again. */
export function openStudio(
  home = temporaryFolder('home'),
  door: 'engine' | 'terminal' = 'terminal',
): TestStudio {
  const studio = createStudio({ home, resourcesDir, version: '0.0.0-test', door, workerEntry, supervisor })
  const call: TestStudio['call'] = async (name, input) => {
    const reply = await studio.call(name, input)
    if (!reply.ok) throw AppError.fromData(reply.error)
    return contract[name].output.parse(reply.value) as never
  }
  return {
    studio,
    home,
    call,
    async finished(jobId) {
      for await (const _event of studio.open('jobs.watch', { jobId }, new AbortController().signal));
      return (await call('jobs.get', { jobId })) as Job
    },
  }
}

/** The command line in source form, for tests that start it as a process. */
export const cliEntry = fileURLToPath(new URL('../../src/main/hosts/cli/index.ts', import.meta.url))

/** Outside data for more checks, or the reason why there is none. */
export const referenceData = process.env.PARALLAX_REFERENCE_DATA
/** A path inside the outside data. */
export const referencePath = (...parts: string[]) => join(referenceData ?? '', ...parts)
