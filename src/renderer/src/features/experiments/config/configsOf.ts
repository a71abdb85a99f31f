/** Which YAML configs the commands of an experiment read. */
import {
  formFromCommand,
  valueOf,
  type LaunchCommand,
} from '../../../../../shared/domain/launch/launchForm.ts'

/** Paths of the configs in the order of the commands, each once. */
export function configsOf(commands: readonly LaunchCommand[]): string[] {
  const paths = commands.flatMap((command) => {
    const path = valueOf(formFromCommand(command), '--csgo_config')
    return path === undefined || path === '' ? [] : [path]
  })
  return [...new Set(paths)]
}
