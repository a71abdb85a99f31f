/**
 * Reads command lines the way a POSIX shell does (XCU 2.2 quoting, 2.3 token recognition) without ever running one.
 * Where the shell would have to look something up (variables, command output, file names, home folders), the
 * command carries a problem instead of a guess.
 */

/** Something that keeps a command from being read exactly. `line` counts from 0 inside the given text. */
export type ShellProblem = {
  code: 'unbalanced' | 'expansion' | 'compound' | 'here-document' | 'syntax'
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

/** A parsed text. With an unbalanced quote nothing would run, so `commands` is empty and `problems` says why. */
export type ShellText = {
  commands: ShellCommand[]
  /** Comments without the `#`, trimmed. */
  comments: { line: number; text: string }[]
  problems: ShellProblem[]
}

const nameStart = /[A-Za-z_]/
const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/
/** A redirection operator with its file number; process substitution `<(…)` is none. */
const redirection = /^(?:\d+(?=[<>])|&(?=>))?(?:<<|<>|<&|>>|>&|>\||<(?!\()|>(?!\())/
const reservedWords = new Set(
  'if then else elif fi for while until do done case esac in select function { } ! [[ ]] coproc'.split(' '),
)

type Word = {
  value: string
  raw: string
  start: number
  end: number
  line: number
  assigns: boolean
  problems: ShellProblem[]
}

/** A reader of one text; one instance per call of `parseShell`. */
class ShellReader {
  private readonly text: string
  private readonly lineStarts: number[]
  private at = 0
  readonly commands: ShellCommand[] = []
  readonly comments: { line: number; text: string }[] = []

  constructor(text: string) {
    this.text = text
    this.lineStarts = [0]
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.lineStarts.push(i + 1)
  }

  private lineOf(offset: number): number {
    let low = 0
    let high = this.lineStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.lineStarts[middle] <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  private problem(code: ShellProblem['code'], message: string, offset: number): ShellProblem {
    return { code, message, line: this.lineOf(offset) }
  }

  /** @throws ShellProblem-carrying `Stop` when the rest of the text cannot be read at all. */
  readAll(): void {
    let current:
      { words: Word[]; redirects: string[]; problems: ShellProblem[]; start: number; end: number } | undefined
    const open = (start: number) =>
      (current ??= { words: [], redirects: [], problems: [], start, end: start })
    const close = (operator: ShellCommand['operator'], offset: number) => {
      if (current) this.commands.push(this.finish(current, operator))
      else if (operator !== 'newline' && operator !== '')
        throw new Stop(this.problem('syntax', `The operator ${operator} has no command before it.`, offset))
      current = undefined
    }
    for (;;) {
      this.skipBlanks()
      const char = this.text[this.at]
      const start = this.at
      if (char === undefined) break
      if (char === '#') {
        const end = this.text.indexOf('\n', this.at)
        this.at = end < 0 ? this.text.length : end
        this.comments.push({
          line: this.lineOf(start),
          text: this.text.slice(start, this.at).replace(/^#+/, '').trim(),
        })
        continue
      }
      if (char === '\n') {
        this.at++
        close('newline', start)
        continue
      }
      const redirect = redirection.exec(this.text.slice(start, start + 12))?.[0]
      if (redirect !== undefined) {
        const command = open(start)
        if (redirect.includes('<<'))
          throw new Stop(
            this.problem('here-document', 'A here-document is a script, not one command.', start),
          )
        this.at = start + redirect.length
        this.skipBlanks()
        const target = this.readWord()
        if (!target) throw new Stop(this.problem('syntax', `The redirection ${redirect} has no file.`, start))
        command.redirects.push(this.text.slice(start, this.at))
        command.end = this.at
        continue
      }
      if (char === '(' || char === ')' || ((char === '<' || char === '>') && this.text[start + 1] === '('))
        throw new Stop(
          this.problem(
            'compound',
            'Brackets start a sub-shell, which is a script and not one command.',
            start,
          ),
        )
      if (char === '&' || char === '|' || char === ';') {
        const pair = this.text.slice(start, start + 2)
        const operator = pair === '&&' || pair === '||' || pair === '|&' ? pair : char
        if (pair === ';;')
          throw new Stop(
            this.problem('syntax', 'A double semicolon belongs to a case, not to one command.', start),
          )
        this.at += operator.length
        close(operator, start)
        continue
      }
      const word = this.readWord()
      if (!word) throw new Stop(this.problem('syntax', `The character ${char} is not expected here.`, start))
      const command = open(start)
      command.words.push(word)
      command.end = word.end
    }
    close('', this.at)
  }

  private finish(
    parts: { words: Word[]; redirects: string[]; problems: ShellProblem[]; start: number; end: number },
    operator: ShellCommand['operator'],
  ): ShellCommand {
    const env: [string, string][] = []
    const argv: string[] = []
    const problems = [...parts.problems]
    for (const word of parts.words) {
      problems.push(...word.problems)
      if (argv.length === 0 && word.assigns) {
        const equals = word.value.indexOf('=')
        env.push([word.value.slice(0, equals), word.value.slice(equals + 1)])
      } else argv.push(word.value)
    }
    const first = parts.words[env.length]
    if (first && first.raw === first.value && reservedWords.has(first.value))
      problems.push({
        code: 'compound',
        message: `"${first.value}" starts a script construct, not one command.`,
        line: first.line,
      })
    return {
      env: Object.fromEntries(env),
      argv,
      redirects: parts.redirects,
      operator,
      line: this.lineOf(parts.start),
      start: parts.start,
      end: parts.end,
      problems,
    }
  }

  private skipBlanks(): void {
    for (;;) {
      const char = this.text[this.at]
      if (char === ' ' || char === '\t') this.at++
      else if (char === '\\' && this.text[this.at + 1] === '\n') this.at += 2
      else return
    }
  }

  /** One word with quotes removed, or undefined when an operator starts here. */
  private readWord(): Word | undefined {
    const { text } = this
    const start = this.at
    const problems: ShellProblem[] = []
    let value = ''
    // What assignments, globs, braces and tildes see: unquoted characters as they are, quoted ones as NUL.
    let bare = ''
    const expansion = (what: string, from: number) =>
      problems.push(
        this.problem('expansion', `${what} is filled in by the shell, so its value is not known here.`, from),
      )
    while (this.at < text.length) {
      const char = text[this.at]
      if (' \t\n&|;<>()'.includes(char)) break
      if (char === '\\') {
        const next = text[this.at + 1]
        if (next === '\n') this.at += 2
        else if (next === undefined) {
          // A lone backslash at the very end is an ordinary character for sh -c.
          value += '\\'
          bare += '\0'
          this.at++
        } else {
          value += next
          bare += '\0'
          this.at += 2
        }
      } else if (char === "'") {
        const end = text.indexOf("'", this.at + 1)
        if (end < 0)
          throw new Stop(this.problem('unbalanced', 'A single quote is opened and never closed.', this.at))
        value += text.slice(this.at + 1, end)
        bare += '\0'.repeat(end - this.at)
        this.at = end + 1
      } else if (char === '"') {
        const quoted = this.readDoubleQuoted(expansion)
        value += quoted
        bare += '\0'.repeat(quoted.length + 1)
      } else if (char === '$' || char === '`') {
        const end = this.expansionEnd(this.at)
        if (end > this.at) {
          expansion(text.slice(this.at, end), this.at)
          bare += '\0'
          value += text.slice(this.at, end)
          this.at = end
        } else if (text[this.at + 1] === "'" || text[this.at + 1] === '"') {
          expansion(`The quote $${text[this.at + 1]}…`, this.at)
          this.at++
        } else {
          value += char
          bare += char
          this.at++
        }
      } else {
        value += char
        bare += char
        this.at++
      }
    }
    if (this.at === start) return undefined
    const assigns = assignment.test(bare)
    const raw = text.slice(start, this.at)
    if (/^[A-Za-z_][A-Za-z0-9_]*(\+=|\[)/.test(bare) && /^[A-Za-z_][A-Za-z0-9_]*(\[[^\]]*\])?\+?=/.test(bare))
      expansion(`The assignment ${raw}`, start)
    else if (bare.startsWith('~') || /^[A-Za-z_][A-Za-z0-9_]*=(.*:)?~/.test(bare))
      expansion(`The home folder in ${raw}`, start)
    else if (!assigns && /[*?]|\[[^\]]+\]/.test(bare)) expansion(`The file pattern ${raw}`, start)
    if (!assigns && /\{[^{}]*(,|\.\.)[^{}]*\}/.test(bare)) expansion(`The brace list ${raw}`, start)
    return { value, raw, start, end: this.at, line: this.lineOf(start), assigns, problems }
  }

  private readDoubleQuoted(expansion: (what: string, from: number) => void): string {
    const { text } = this
    const start = this.at
    let value = ''
    this.at++
    for (;;) {
      const char = text[this.at]
      if (char === undefined)
        throw new Stop(this.problem('unbalanced', 'A double quote is opened and never closed.', start))
      if (char === '"') {
        this.at++
        return value
      }
      if (char === '\\') {
        const next = text[this.at + 1]
        if (next === '\n') this.at += 2
        else if (next !== undefined && '$`"\\'.includes(next)) {
          value += next
          this.at += 2
        } else {
          value += char
          this.at++
        }
        continue
      }
      const end = char === '$' || char === '`' ? this.expansionEnd(this.at) : this.at
      if (end > this.at) {
        expansion(text.slice(this.at, end), this.at)
        value += text.slice(this.at, end)
        this.at = end
        continue
      }
      value += char
      this.at++
    }
  }

  /** Where the expansion that starts at `from` ends; `from` itself when the dollar sign is an ordinary character. */
  private expansionEnd(from: number): number {
    const { text } = this
    if (text[from] === '`') {
      const end = text.indexOf('`', from + 1)
      if (end < 0) throw new Stop(this.problem('unbalanced', 'A backquote is opened and never closed.', from))
      return end + 1
    }
    const next = text[from + 1]
    if (next === undefined) return from
    if (nameStart.test(next)) {
      let end = from + 2
      while (end < text.length && /[A-Za-z0-9_]/.test(text[end])) end++
      return end
    }
    if (/[0-9@*#?$!-]/.test(next)) return from + 2
    if (next !== '{' && next !== '(') return from
    const closing = next === '{' ? '}' : ')'
    let depth = 0
    for (let i = from + 1; i < text.length; i++) {
      const char = text[i]
      if (char === '\\') i++
      else if (char === "'" || char === '"') {
        const end = text.indexOf(char, i + 1)
        if (end < 0) break
        i = end
      } else if (char === next) depth++
      else if (char === closing && --depth === 0) return i + 1
    }
    throw new Stop(this.problem('unbalanced', `$${next} is opened and never closed.`, from))
  }
}

/** Ends reading; carries the problem to the caller. */
class Stop {
  readonly problem: ShellProblem
  constructor(problem: ShellProblem) {
    this.problem = problem
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
    return { commands: [], comments: reader.comments, problems: [caught.problem] }
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
