/** A command line pasted from a terminal, read as a shell reads it; nothing is expanded or run. */
import type { LaunchCommand } from '../../../../../shared/domain/launch/launchForm.ts'
import { parseShell } from '../../../../../shared/domain/shellWords.ts'

export type Pasted =
  | {
      command: LaunchCommand
      /** Redirections, which are no arguments and are left out. */ redirects: string[]
    }
  | { problem: 'none' }
  | { problem: 'several'; count: number }
  | { problem: 'unreadable'; message: string; line: number }

/** Variables set on lines before the command (`export A=1`, `A=1`) are not taken over: they belong to another command. */
export function pastedCommand(text: string): Pasted {
  // A prompt in front of the line is no part of it.
  const { commands, problems } = parseShell(text.replace(/^\s*[$#%>]\s+/, ''))
  const problem = problems[0] ?? commands.flatMap((command) => command.problems)[0]
  if (problem) return { problem: 'unreadable', message: problem.message, line: problem.line + 1 }
  const started = commands.filter(({ argv }) => argv.length > 0)
  if (started.length === 0) return { problem: 'none' }
  if (started.length > 1) return { problem: 'several', count: started.length }
  const [{ env, argv, redirects }] = started
  return { command: { env, argv }, redirects }
}
