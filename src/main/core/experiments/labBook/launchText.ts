/** Finds launch commands in a piece of text that is, or may be, shell code. Nothing is run. */
import type { ProblemCode } from '../../../../shared/domain/labBook.ts'
import { kindOfScript, type CommandKind } from '../../../../shared/domain/launch/catalogue.ts'
import { launcherOf } from '../../../../shared/domain/launch/launchers.ts'
import { splitLaunch } from '../../../../shared/domain/launch/splitLaunch.ts'
import { parseShell, type ShellCommand } from '../../../../shared/domain/shellWords.ts'

/** A launch command with its line, counted from 0 inside the text. */
export type FoundLaunch = {
  line: number
  kind: CommandKind
  env: Record<string, string>
  argv: string[]
  /** Shell comment on the same line. */
  comment?: string
}

export type FoundProblem = {
  line: number
  severity: 'error' | 'warning' | 'info'
  code: ProblemCode
  message: string
}

/** What a text holds. */
export type FoundText = {
  launches: FoundLaunch[]
  /** Lines that belong together: a command with its continued lines, or a here-document with its text. */
  ranges: { from: number; to: number; isHereDocument: boolean }[]
  /** Lines with commands that are no launches. */
  shellLines: number[]
  comments: { line: number; text: string }[]
  problems: FoundProblem[]
}

const launcher =
  /(?<![\w./\\-])(?:[^\s`"'=]{0,200}\/)?(?:python[\d.]{0,6}|torchrun|deepspeed|accelerate\s+launch|srun|uv\s+run)\s/
const scriptByPath = /(?:^|[\s;&|("'`=])\.{0,2}\/\S{0,400}\.py(?:\s+-|\s*$)/

/** Whether a text looks like it starts a Python program; quick, and true for some prose as well. */
export function mentionsLaunch(text: string): boolean {
  if (!text.includes('.py') && !text.includes('-m ')) return false
  const found = launcher.exec(text)
  if (found && /\.py\b|(?:^|\s)-m\s+\S/.test(text.slice(found.index + found[0].length))) return true
  return scriptByPath.test(text) || /(?:^|\s)%run\s+\S{0,400}\.py\b/.test(text)
}

const shellPrograms = new Set(
  'bash sh zsh cd pip pip3 conda mamba git wget curl ls cp mv rm mkdir ln cat tail head grep tmux screen ssh scp rsync export unset source set ulimit nvidia-smi sbatch scancel squeue sinfo salloc kill apt apt-get npm make docker echo watch htop du df tar unzip zip huggingface-cli hf wandb tensorboard jupyter uv poetry module chmod which pkill ps nvtop modelscope'.split(
    ' ',
  ),
)

/** Whether a line reads like a shell command that launches nothing the studio knows. */
export function isShellLine(text: string): boolean {
  const [first = '', second = ''] = text.trim().split(/\s+/)
  if (!shellPrograms.has(first))
    return launcherOf(first) !== undefined && /^-|\.py$|\//.test(second) && hasArguments(text)
  // "make a table", "set lr to 1": the words of prose are plain; commands have a path, an option or a known verb.
  return second === ''
    ? false
    : /^-|[/.=~$]|^(install|run|clone|pull|push|add|commit|checkout|activate|create|exec|attach|new|login|download)$/.test(
        second,
      ) || /^(nvidia-smi|export|sbatch|scancel|cd|source)$/.test(first)
}

/** What a terminal or notebook writes in front of a command. */
const prompts = [
  // user@host:~/project$, [user@host project]$, root@host:~#, with (env) in front; PowerShell and cmd are no POSIX shells.
  /^\s*(?:\([\w.-]+\)\s*)*(?:\[[\w.-]+@[^\]\n]{1,200}\]|[\w.-]+@[^\s$#%]{0,200}\s?)\s?[$#%]\s+(?=\S)/,
  // oh-my-zsh: ➜  project git:(main) ✗
  /^\s*(?:\([\w.-]+\)\s*)*➜\s+\S+\s+(?:git:\([^)\n]{0,100}\)\s+)?(?:✗\s+)?(?=(?:[A-Z_]\w*=\S*\s+)*(?:python|torchrun|deepspeed|accelerate|srun|nohup|cd)\b)/,
  /^\s*(?:\([\w.-]+\)\s*)*[$%❯➜»>]\s+(?=\S)/,
  /^\s*In \[\d*\]:\s*!?(?=\S)/,
  /^\s*(?:\([\w.-]+\)\s+)?!?(?=(?:[A-Z_]+=\S|python|torchrun|deepspeed|accelerate))/,
]

/** Takes away what stands in front of a command in a terminal: `$ `, `user@host:~$ `, `(env) `, `!` of a notebook. */
export function withoutPrompt(text: string): string {
  const found = prompts.map((prompt) => prompt.exec(text)?.[0]).find((prompt) => prompt !== undefined)
  return found === undefined ? text : text.slice(found.length)
}

/** A launch needs a launcher with a script, or a script that is run by its path. */
function launchKind(argv: readonly string[]): CommandKind | undefined {
  const { stages, script } = splitLaunch(argv)
  if (script === undefined) return undefined
  // uv starts a script by itself, too.
  const hasLauncher = stages.some(
    ({ program }) => launcherOf(program)?.starts === 'script' || launcherOf(program)?.name === 'uv',
  )
  return hasLauncher || /^\S*\/\S+\.py$/.test(script) ? kindOfScript(script) : undefined
}

/**
 * Reads one command line (or several lines joined by backslashes) as a shell would.
 *
 * @param line added to every line number.
 */
function readCommandLine(text: string, line: number, found: FoundText): void {
  const { commands, comments, problems } = parseShell(text)
  for (const comment of comments) found.comments.push({ line: line + comment.line, text: comment.text })
  for (const { code, message, line: at } of problems)
    if (mentionsLaunch(text))
      found.problems.push({
        line: line + at,
        severity: code === 'unfinished' ? 'warning' : 'error',
        code,
        message,
      })
    else found.shellLines.push(line + at)
  const compound = commands.flatMap((command) => command.problems).find(({ code }) => code === 'compound')
  if (compound && mentionsLaunch(text)) {
    found.problems.push({
      line: line + compound.line,
      severity: 'error',
      code: 'compound',
      message: compound.message,
    })
    return
  }
  let exported: Record<string, string> = {}
  if (/^[^\s]*[\u00a0\u2000-\u200b\u3000]/.test(text.trim()) && mentionsLaunch(text))
    found.problems.push({
      line,
      severity: 'error',
      code: 'odd-blank',
      message: 'Wide or unbreakable blanks separate no words for a shell. Write ordinary ones.',
    })
  for (const command of commands) {
    exported = { ...exported, ...exportsOf(command) }
    const kind = launchKind(command.argv)
    if (kind === undefined) {
      found.shellLines.push(line + command.line)
      continue
    }
    const at = line + command.line
    if (command.problems.length > 0) {
      for (const { code, message } of command.problems)
        found.problems.push({ line: at, severity: 'error', code, message })
      continue
    }
    const comment = comments.find((candidate) => candidate.line === command.line)?.text
    found.launches.push({
      line: at,
      kind,
      env: { ...exported, ...command.env },
      argv:
        command.argv[0] === 'exec' || command.argv[0] === 'command' ? command.argv.slice(1) : command.argv,
      ...(comment === undefined ? {} : { comment }),
    })
    noteOutput(command, at, found)
    noteOddCharacters(text.slice(command.start, command.end), at, found)
  }
}

/** Characters that look like shell syntax and are not, as word processors and web pages put them in. */
function noteOddCharacters(written: string, line: number, found: FoundText): void {
  const plain = written.replace(/'[^']*'|"[^"]*"/g, '')
  const note = (code: ProblemCode, message: string) =>
    found.problems.push({ line, severity: 'warning', code, message })
  if (/[“”‘’]/.test(written))
    note(
      'curly-quotes',
      'Curly quotes are ordinary characters for a shell; they become part of the argument.',
    )
  if (/[\u00a0\u2000-\u200b\u3000]/.test(plain))
    note(
      'odd-blank',
      'A wide or unbreakable blank is an ordinary character for a shell; it separates nothing.',
    )
  if (/(?:^|\s)(?:-?[–—]|[–—]-)\S/.test(plain))
    note('odd-dash', 'A long dash is an ordinary character for a shell; it starts no option.')
  if (/[\w.]\\\w/.test(plain))
    note('backslash', 'A shell takes backslashes outside quotes away; put a Windows path in quotes.')
}

/** What `export A=1` gives to the commands after it on the same line. */
function exportsOf({ argv, problems }: ShellCommand): Record<string, string> {
  if (argv[0] !== 'export' || problems.length > 0) return {}
  return Object.fromEntries(
    argv.slice(1).flatMap((word) => {
      const equals = /^[A-Za-z_]\w*=/.exec(word)?.[0].length
      return equals === undefined ? [] : [[word.slice(0, equals - 1), word.slice(equals)]]
    }),
  )
}

function noteOutput({ redirects, operator }: ShellCommand, line: number, found: FoundText): void {
  const parts = [
    ...(redirects.length > 0 ? [`its output is redirected (${redirects.join(' ')})`] : []),
    ...(operator === '|' || operator === '|&' ? ['its output goes into another command'] : []),
    ...(operator === '&' ? ['it is put into the background'] : []),
  ]
  if (parts.length > 0)
    found.problems.push({
      line,
      severity: 'info',
      code: 'shell-only',
      message: `In the shell ${parts.join(', ')}. That is no argument of the program, so the form leaves it out.`,
    })
}

/**
 * Reads shell code of several lines. Lines that a shell joins are one range; `ranges` covers every line once. An
 * unclosed quote spoils its own command only, never the ones after it.
 */
export function readShellCode(lines: readonly string[]): FoundText {
  const found: FoundText = { launches: [], ranges: [], shellLines: [], comments: [], problems: [] }
  for (let from = 0; from < lines.length;) {
    const range = rangeFrom(lines, from, found)
    found.ranges.push(range)
    const text = joined(lines, from, range.isHereDocument ? from : range.to)
    if (text.trim() !== '') readCommandLine(text, from, found)
    from = range.to + 1
  }
  return found
}

/** The lines that belong together from `from` on. */
function rangeFrom(lines: readonly string[], from: number, found: FoundText): FoundText['ranges'][number] {
  let to = endOfContinuation(lines, from)
  let fault = parseShell(joined(lines, from, to)).problems[0]?.code
  if (fault === 'unbalanced') to = endOfQuote(lines, from, to) ?? to
  while (fault === 'unfinished' && to + 1 < lines.length && lines[to + 1].trim() !== '') {
    to = endOfContinuation(lines, to + 1)
    fault = parseShell(joined(lines, from, to)).problems[0]?.code
  }
  for (let line = from; line < to; line++)
    if (blankBehindBackslash.test(lines[line]))
      found.problems.push({
        line,
        severity: 'warning',
        code: 'blank-behind-backslash',
        message:
          'A blank follows the backslash at the end of this line, so a shell would not join the next line. It was read as joined.',
      })
  if (fault === 'here-document') {
    const delimiter = /<<-?\s*(['"]?)([\w.-]+)\1/.exec(joined(lines, from, to))?.[2]
    const end = lines.findIndex((line, index) => index > to && line.trim() === delimiter)
    if (end > 0) return { from, to: end, isHereDocument: true }
  }
  return { from, to, isHereDocument: false }
}

/** A quote may run over several lines, but not over a line that starts another command. */
function endOfQuote(lines: readonly string[], from: number, first: number): number | undefined {
  for (let to = first + 1; to < lines.length && lines[to].trim() !== '' && !mentionsLaunch(lines[to]); to++) {
    // No argument of a person is longer, and the search stays short on any input.
    if (to - from > 100) return undefined
    const end = endOfContinuation(lines, to)
    if (parseShell(joined(lines, from, end)).problems.length === 0) return end
  }
  return undefined
}

const blankBehindBackslash = /(?<!\\)(?:\\\\)*\\[ \t]+$/

/** The last of the lines that backslashes join to line `from`. */
function endOfContinuation(lines: readonly string[], from: number): number {
  let to = from
  const goesOn = (line: string) => /(?<!\\)(?:\\\\)*\\[ \t]*$/.test(line) && !/^\s*#/.test(line)
  while (
    to + 1 < lines.length &&
    goesOn(lines[to]) &&
    (!blankBehindBackslash.test(lines[to]) || lines[to + 1].trim() !== '')
  )
    to++
  return to
}

/** Lines `from` to `to` as text, without the prompts of a terminal. */
function joined(lines: readonly string[], from: number, to: number): string {
  const text = [
    withoutPrompt(lines[from]),
    ...lines.slice(from + 1, to + 1).map((line) => line.replace(/^\s*>\s(?=\s*-)/, '')),
  ]
    .map((line, index) => (from + index < to ? line.replace(/\\[ \t]+$/, '\\') : line))
    .join('\n')
  // In the file a line end follows, which a backslash at the end takes away.
  return text.endsWith('\\') ? `${text}\n` : text
}

/** Reads the text of a code span. A line end inside a span is a space, as Markdown says. */
export function readSpan(text: string): FoundText {
  const found: FoundText = { launches: [], ranges: [], shellLines: [], comments: [], problems: [] }
  // Backticks inside longer backticks are a span that shows a span.
  const inner = /^\s*`+([^`]+)`+\s*$/.exec(text)?.[1] ?? text
  const joinedLines = inner.replace(/\\\r?\n/g, ' ').replace(/\r?\n/g, ' ')
  // "```bash CMD```" on one line: the language is no part of the command.
  const language =
    /^\s*(?:bash|sh|shell|console|zsh|text|python)\s+(?=(?:[A-Z_]\w*=\S*\s+)*(?:\S*\/)?(?:python|torchrun|deepspeed|accelerate|srun|nohup|env|conda)\b)/
  const code = mentionsLaunch(joinedLines) ? joinedLines.replace(language, '') : joinedLines
  readCommandLine(withoutPrompt(code), 0, found)
  return found
}

/**
 * Whether a bare line (without any code markup) is a command: it begins with settings or a launcher, and what
 * follows the script looks like arguments rather than like the words of a sentence.
 */
export function isBareLaunch(text: string): boolean {
  const line = withoutPrompt(text).trim()
  if (!mentionsLaunch(line)) return false
  const first = line.replace(/^(?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S*)\s+)*/, '').split(/\s+/, 1)[0]
  return (
    (launcherOf(first) !== undefined ||
      /^\.{0,2}\/\S*\.py$/.test(first) ||
      /^(cd|export|source|conda|set|ulimit|mkdir|sleep)$/.test(first)) &&
    hasArguments(line)
  )
}

/** Whether the word behind a script or module is an argument, an operator, or none at all. */
function hasArguments(line: string): boolean {
  const after = /\.py\b['"]?\s+(\S+)/.exec(line)?.[1] ?? /-m\s+\S+\s+(\S+)/.exec(line)?.[1]
  return after === undefined || /^[-–—\\#&|;>"'$(]|[/=.\d]/.test(after)
}
