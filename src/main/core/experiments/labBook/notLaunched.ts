/** Says of lines that start a program why they are no launchable command, so that nothing is passed over in silence. */
import type { ProblemCode } from '../../../../shared/domain/labBook.ts'
import { kindOfScript } from '../../../../shared/domain/launch/catalogue.ts'
import { launcherOf } from '../../../../shared/domain/launch/launchers.ts'
import { splitLaunch } from '../../../../shared/domain/launch/splitLaunch.ts'
import { parseShell } from '../../../../shared/domain/shellWords.ts'
import { codeSpans } from './codeSpans.ts'
import { withoutPrompt, type FoundProblem } from './launchText.ts'

const info = (line: number, code: ProblemCode, message: string): FoundProblem => ({
  line,
  severity: 'info',
  code,
  message,
})

/** Text that mentions a command. When it is a command in itself, the script is one the studio does not know. */
export function commandInText(text: string, line: number): FoundProblem {
  const unknown = unknownScript(text)
  return unknown === undefined
    ? info(
        line,
        'command-in-text',
        'This text mentions a command but is not one. Put it in backticks to launch it.',
      )
    : info(
        line,
        'unknown-script',
        `${unknown} is no script the studio knows, so this command is kept as text.`,
      )
}

function unknownScript(text: string): string | undefined {
  const spans = codeSpans(text).map(({ content }) => content)
  for (const code of spans.length > 0 ? spans : [text])
    for (const { argv } of parseShell(withoutPrompt(code)).commands) {
      const { stages, script } = splitLaunch(argv)
      const hasLauncher = stages.some(({ program }) => launcherOf(program)?.starts === 'script')
      if (script !== undefined && hasLauncher && kindOfScript(script) === undefined)
        return script.slice(0, 100)
    }
  return undefined
}

/** A shell command that starts the script through something else. */
export function commandInside(text: string, line: number): FoundProblem {
  const program = text.trim().split(/\s/, 1)[0].slice(0, 40)
  return launcherOf(program) === undefined
    ? info(
        line,
        'command-inside',
        `The command inside is started by ${program}, so it is kept as text. Put it in backticks of its own to launch it.`,
      )
    : commandInText(text, line)
}

export const commentedCommand = (line: number): FoundProblem =>
  info(line, 'commented-command', 'This command is commented out, so it is kept as a note.')

export const otherLanguage = (line: number): FoundProblem =>
  info(line, 'other-language', 'This code is for another program than a POSIX shell, so it is kept as text.')
