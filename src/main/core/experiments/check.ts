/** Looks over recorded commands: what the studio would say before each of them is started. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { OutputOf } from '../../../shared/contract/operation.ts'
import type { experiments as contract } from '../../../shared/contract/experiments.ts'
import { experimentId } from '../../../shared/domain/labBook.ts'
import { launchHints } from '../../../shared/domain/launch/hints.ts'
import { formFromCommand } from '../../../shared/domain/launch/launchForm.ts'
import type { ExperimentsRepository, StoredExperiment } from './experiments.repository.ts'
import { gatherFacts } from './facts.ts'

type CheckedCommands = OutputOf<(typeof contract)['experiments.check']>['commands']

/** @param root workspace in which the paths of the commands are looked for. */
export async function checkCommands(
  experiments: readonly StoredExperiment[],
  root: string,
  repository: ExperimentsRepository,
): Promise<CheckedCommands> {
  // A log on its own, without the project it speaks of, would miss every file.
  const hasProject = existsSync(join(root, 'csgo_configs'))
  const checked: CheckedCommands = []
  for (const { id, name } of experiments)
    for (const { id: commandId, command } of repository.commands(id)) {
      const form = formFromCommand(command)
      const experiment = nameForHints(name, command.labels.run)
      const facts = hasProject
        ? await gatherFacts(form, { root, experiment, isRecorded: true })
        : { experiment }
      const { line, kind } = command
      checked.push({ experiment: name, commandId, line, kind, hints: launchHints(form, facts) })
    }
  return checked
}

/** The name that configs and folders of a run should bear. */
export const nameForHints = (experiment: string, run?: string): string =>
  (run === undefined ? undefined : experimentId(run)) ?? experimentId(experiment) ?? experiment
