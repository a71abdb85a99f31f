/**
 * Reads command lines the way a POSIX shell does (XCU 2.2 quoting, 2.3 token recognition) without ever running one.
 * Where the shell would have to look something up (variables, command output, file names, home folders), the
 * command carries a problem instead of a guess.
 */
import { Stop, withoutContinuation } from './shell/expansions.ts'
import { filledIn, isAssignment, readWord, type Word } from './shell/word.ts'

/** Something that keeps a command from being read exactly. `line` counts from 0 inside the given text. */
export type ShellProblem = {
  code: 'unbalanced' | 'expansion' | 'compound' | 'here-document' | 'syntax' | 'unfinished'
  message: string
  line: number
}

/** One simple command: what `execve` would get, and what the shell itself keeps. */
export type ShellCommand = {
  /** Assignments written before the command, in order; a later one of the same name wins. */
  env: Record<string, string>
  /** Program and arguments after quote removal. Empty when the command only sets variables. */
  argv: string[]
  /** Redirections as written, such as `> train.log` and `2>&1`; they are no arguments. */
  redirects: string[]
  /** The operator that follows: `&&`, `||`, `;`, `|`, `&`, a line end, or nothing at the end. */
  operator: '&&' | '||' | ';' | '|' | '|&' | '&' | 'newline' | ''
  /** Line on which the command starts, counted from 0. */
  line: number
  /** Range of the command in the text. */
  start: number
  end: number
  /** Why `argv` or `env` are not what a shell would pass. Empty when they are exact. */
  problems: ShellProblem[]
}

/**
 * A parsed text. With an unbalanced quote nothing would run, so `commands` is empty and `problems` says why. Behind an
 * operator such as `&&` at the very end (`unfinished`) a shell waits for more; the commands in front of it are exact.
 */
export type ShellText = {
  commands: ShellCommand[]
  /** Comments without the `#`, trimmed. */
  comments: { line: number; text: string }[]
  problems: ShellProblem[]
}

const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/
/** A redirection operator with its file number; process substitution `<(…)` is none. */
const redirection = /^(?:\d+(?=[<>])|&(?=>))?(?:<<|<>|<&|>>|>&|>\||<(?!\()|>(?!\())/
const reservedWords = new Set(
  'if then else elif fi for while until do done case esac in select function { } ! [[ ]] coproc'.split(' '),
)

/** The words and redirections of a command that is being read. */
type OpenCommand = { words: Word[]; redirects: string[]; start: number; end: number }

/** A reader of one text; one instance per call of `parseShell`. */
class ShellReader {
  private readonly text: string
  private readonly lineStarts: number[]
  private at = 0
  private current: OpenCommand | undefined
  /** An operator that another command must follow, on this line or a later one. */
  private pending: { operator: ShellCommand['operator']; offset: number } | undefined
  readonly commands: ShellCommand[] = []
  readonly comments: { line: number; text: string }[] = []

  constructor(text: string) {
    this.text = text
    this.lineStarts = [0]
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.lineStarts.push(i + 1)
  }

  lineOf(offset: number): number {
    let low = 0
    let high = this.lineStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.lineStarts[middle] <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  /** @throws Stop when the rest of the text cannot be read at all. */
  readAll(): void {
    for (this.skipBlanks(); this.at < this.text.length; this.skipBlanks()) {
      const char = this.text[this.at]
      if (char === '#') this.comment()
      else if (char === '\n') this.lineEnd()
      else if (!this.redirect() && !this.bracketsOrOperator()) this.word()
    }
    this.close('')
    if (this.pending)
      throw new Stop(
        'unfinished',
        `Behind ${this.pending.operator} another command should follow.`,
        this.pending.offset,
      )
  }

  private skipBlanks(): void {
    for (;;) {
      const char = this.text[this.at]
      if (char === ' ' || char === '\t') this.at++
      else if (char === '\\' && this.text[this.at + 1] === '\n') this.at += 2
      else return
    }
  }

  private comment(): void {
    const start = this.at
    const end = this.text.indexOf('\n', start)
    this.at = end < 0 ? this.text.length : end
    this.comments.push({
      line: this.lineOf(start),
      text: this.text.slice(start, this.at).replace(/^#+/, '').trim(),
    })
  }

  private open(start: number): OpenCommand {
    this.pending = undefined
    return (this.current ??= { words: [], redirects: [], start, end: start })
  }

  /** Ends the command at hand. A line end or the end of the text may come without one, any other operator may not. */
  private close(operator: ShellCommand['operator']): void {
    if (this.current) this.commands.push(this.finish(this.current, operator))
    else if (operator !== 'newline' && operator !== '')
      throw new Stop('syntax', `The operator ${operator} has no command before it.`, this.at)
    this.current = undefined
  }

  private lineEnd(): void {
    this.close('newline')
    this.at++
  }

  /** A redirection with its file. False when none starts here. */
  private redirect(): boolean {
    const start = this.at
    const sign = redirection.exec(this.ahead(12).text)?.[0]
    if (sign === undefined) return false
    if (sign.includes('<<'))
      throw new Stop('here-document', 'A here-document is a script, not one command.', start)
    const command = this.open(start)
    this.at = this.ahead(sign.length).end
    this.skipBlanks()
    const target = readWord(this.text, this.at)
    if (!target) throw new Stop('syntax', `The redirection ${sign} has no file.`, start)
    this.at = target.end
    command.redirects.push(this.text.slice(start, this.at))
    command.end = this.at
    return true
  }

  private bracketsOrOperator(): boolean {
    const { text: pair, end } = this.ahead(2)
    const char = pair[0]
    if (char === '(' || char === ')' || pair === '<(' || pair === '>(')
      throw new Stop(
        'compound',
        'Brackets start a sub-shell, which is a script and not one command.',
        this.at,
      )
    if (pair === ';;' || pair === ';&')
      throw new Stop('syntax', `The operator ${pair} belongs to a case, not to one command.`, this.at)
    if (char !== '&' && char !== '|' && char !== ';') return false
    const operator = pair === '&&' || pair === '||' || pair === '|&' ? pair : char
    this.close(operator)
    if (operator !== ';' && operator !== '&') this.pending = { operator, offset: this.at }
    this.at = operator.length === 2 ? end : this.at + 1
    return true
  }

  /** The next characters, lines joined, and where they end. */
  private ahead(length: number): { text: string; end: number } {
    let text = ''
    let end = this.at
    while (text.length < length && end < this.text.length) {
      text += this.text[end]
      end++
      if (text.length < length) end = withoutContinuation(this.text, end)
    }
    return { text, end }
  }

  private word(): void {
    const word = readWord(this.text, this.at)
    if (!word) throw new Stop('syntax', `The character ${this.text[this.at]} is not expected here.`, this.at)
    const command = this.open(this.at)
    command.words.push(word)
    command.end = this.at = word.end
  }

  private finish({ words, redirects, start, end }: OpenCommand, operator: ShellCommand['operator']) {
    const env: [string, string][] = []
    const argv: string[] = []
    const problems: ShellProblem[] = []
    for (const word of words) {
      const isInFront = argv.length === 0
      problems.push(...this.unknownParts(word, isInFront))
      if (isInFront && isAssignment(word)) {
        const equals = word.value.indexOf('=')
        env.push([word.value.slice(0, equals), word.value.slice(equals + 1)])
      } else argv.push(word.value)
    }
    const first = words[env.length]
    if (first && first.bare === first.value && reservedWords.has(first.value))
      problems.push({
        code: 'compound',
        message: `"${first.value}" starts a script construct, not one command.`,
        line: this.lineOf(first.start),
      })
    const line = this.lineOf(start)
    return { env: Object.fromEntries(env), argv, redirects, operator, line, start, end, problems }
  }

  /** What of a word is not known before the shell looks it up. */
  private unknownParts(word: Word, isInFront: boolean): ShellProblem[] {
    const parts = [...word.expansions]
    const more = filledIn(word, this.text, isInFront)
    if (more !== undefined) parts.push({ what: more, offset: word.start })
    return parts.map(({ what, offset }) => ({
      code: 'expansion',
      message: `${what} is filled in by the shell, so its value is not known here.`,
      line: this.lineOf(offset),
    }))
  }
}

/**
 * Splits a text into simple commands exactly as a POSIX shell tokenises it. Nothing is expanded, looked up or run.
 *
 * @param text one command line or several lines; `\r\n` counts as a line end.
 */
export function parseShell(text: string): ShellText {
  const reader = new ShellReader(text.replaceAll('\r\n', '\n'))
  try {
    reader.readAll()
    return { commands: reader.commands, comments: reader.comments, problems: [] }
  } catch (caught) {
    if (!(caught instanceof Stop)) throw caught
    const { code, message, offset } = caught
    return {
      commands: code === 'unfinished' ? reader.commands : [],
      comments: reader.comments,
      problems: [{ code, message, line: reader.lineOf(offset) }],
    }
  }
}

/** One word as a POSIX shell needs it written to pass it on unchanged; plain words stay plain. */
export function quoteShellWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/**
 * A command line to copy into a terminal. `parseShell` reads the same `argv` and `env` back.
 *
 * @throws RangeError when a variable's name is not one a shell can set.
 */
export function quoteShell(argv: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const settings = Object.entries(env).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new RangeError(`${JSON.stringify(name)} is no name of an environment variable.`)
    return `${name}=${value === '' ? '' : quoteShellWord(value)}`
  })
  const words = argv.map((word, index) =>
    // The first word must be read neither as an assignment nor as a word of the shell's own language.
    index === 0 && (assignment.test(word) || reservedWords.has(word)) ? `'${word}'` : quoteShellWord(word),
  )
  return [...settings, ...words].join(' ')
}
