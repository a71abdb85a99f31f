import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { PreparedCommand } from './prepareCommand.ts'
import { files } from './runFolder.ts'

/** File of `supervisor.ts` (source or bundle), and the Node that runs it with the variables only that Node needs (ELECTRON_RUN_AS_NODE inside Electron). */
export type SupervisorProgram = { file: string; node: string; nodeEnvironment?: Record<string, string> }

/**
 * Starts the supervisor of a run, which starts the command. Neither is tied to this process.
 *
 * @param told.onFailure when the supervisor itself could not be started.
 * @param told.onExit when it has ended, while this process still lives.
 */
export function launchSupervisor(
  program: SupervisorProgram,
  run: { id: string; folder: string; command: PreparedCommand },
  told: { onFailure(error: Error): void; onExit(): void },
): void {
  const { id, folder, command } = run
  const nodeEnvironment = program.nodeEnvironment ?? {}
  const log = openSync(join(folder, files.supervisor), 'a', 0o600)
  try {
    const child = spawn(program.node, [program.file, folder, command.cwd, id, ...command.argv], {
      cwd: folder,
      env: {
        ...command.env,
        ...nodeEnvironment,
        PARALLAX_SUPERVISOR_ONLY: Object.keys(nodeEnvironment).join(','),
      },
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log, log],
    })
    child.on('error', told.onFailure)
    child.on('exit', told.onExit)
    child.unref()
  } finally {
    closeSync(log)
  }
}
