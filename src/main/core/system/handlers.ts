import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Handlers } from '../../../shared/contract/operation.ts'
import type { system as contract } from '../../../shared/contract/system.ts'
import { runChecks } from './checks.ts'
import type { SystemDependencies } from './systemDependencies.ts'

/** Answers the `system.*` operations. */
export function systemHandlers(dependencies: SystemDependencies): Handlers<typeof contract> {
  const { home, version, door } = dependencies
  return {
    'system.doctor': async () => ({ version, checks: await runChecks(dependencies) }),
    'system.info': () => ({
      version,
      home,
      door,
      database: join(home, 'parallax.db'),
      pid: process.pid,
      cores: availableParallelism(),
      platform: `${process.platform} ${process.arch}`,
    }),
  }
}
