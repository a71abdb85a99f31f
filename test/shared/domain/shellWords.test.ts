import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseShell, quoteShell, type ShellCommand } from '../../../src/shared/domain/shellWords.ts'
import { callsIn, hasSyntaxError, shellPlaces, type ShellCall } from '../../support/realShells.ts'

const places = shellPlaces()
/** Fifty texts each; set it higher to search longer. */
const batches = Number(process.env.PARALLAX_SHELL_BATCHES ?? 12)

const only = (text: string) => {
  const { commands, problems } = parseShell(text)
  expect(problems).toEqual([])
  expect(commands).toHaveLength(1)
  return commands[0]
}
const problemCodes = (text: string) => {
  const parsed = parseShell(text)
  return [...parsed.problems, ...parsed.commands.flatMap(({ problems }) => problems)].map(({ code }) => code)
}

describe('parseShell', () => {
  it('splits assignments from the program and its arguments', () => {
    const command = only('  CUDA_VISIBLE_DEVICES=0,1 A="x y" A=2 python train.py --lr 1e-4 B=3   ')
    expect(command.env).toEqual({ CUDA_VISIBLE_DEVICES: '0,1', A: '2' })
    expect(command.argv).toEqual(['python', 'train.py', '--lr', '1e-4', 'B=3'])
    expect(command.problems).toEqual([])
  })

  it('removes each kind of quote as the standard says', () => {
    expect(only(String.raw`p 'a\b' "a\b" "a\"b\$c\\d" a\ b '' "" a''b 'it'\''s' "x"'y'z`).argv).toEqual([
      'p',
      'a\\b',
      'a\\b',
      'a"b$c\\d',
      'a b',
      '',
      '',
      'ab',
      "it's",
      'xyz',
    ])
  })

  it('joins continued lines, also inside a word and inside double quotes, but not inside single quotes', () => {
    expect(only('p --a \\\n  --b 1\\\n2 "x\\\ny" \'x\\\ny\'').argv).toEqual([
      'p',
      '--a',
      '--b',
      '12',
      'xy',
      'x\\\ny',
    ])
    expect(only('p a \\\r\n b').argv).toEqual(['p', 'a', 'b'])
  })

  it('separates chains, pipes, backgrounds and lines, and counts lines', () => {
    const { commands } = parseShell('cd x && A=1 p a; q b | tee c\n\nr d > out.log 2>&1 &\ns')
    expect(commands.map(({ argv, operator, line }) => [argv.join(' '), operator, line])).toEqual([
      ['cd x', '&&', 0],
      ['p a', ';', 0],
      ['q b', '|', 0],
      ['tee c', 'newline', 0],
      ['r d', '&', 2],
      ['s', '', 3],
    ])
    expect(commands[4].redirects).toEqual(['> out.log', '2>&1'])
  })

  it('drops comments only where a word may begin', () => {
    const parsed = parseShell('p a#b #c "d\n# whole line')
    expect(parsed.commands[0].argv).toEqual(['p', 'a#b'])
    expect(parsed.comments).toEqual([
      { line: 0, text: 'c "d' },
      { line: 1, text: 'whole line' },
    ])
  })

  it.each([
    ['p $X', 'expansion'],
    ['p "${X}"', 'expansion'],
    ['p $(date)', 'expansion'],
    ['p `date`', 'expansion'],
    ['p *.py', 'expansion'],
    ['p a?', 'expansion'],
    ['p a[0]', 'expansion'],
    ['p ~/x', 'expansion'],
    ['A=~/x p', 'expansion'],
    ['p {a,b}', 'expansion'],
    ["p $'a'", 'expansion'],
    ['A+=1 p', 'expansion'],
    ['p $1', 'expansion'],
    ['for i in a; do p; done', 'compound'],
    ['(p a)', 'compound'],
    ['! p', 'compound'],
    ['p <<EOF\nx\nEOF', 'here-document'],
    ['p "abc', 'unbalanced'],
    ["p 'abc", 'unbalanced'],
    ['p `abc', 'unbalanced'],
    ['p ${abc', 'unbalanced'],
    ['&& p', 'syntax'],
    ['p >', 'syntax'],
  ])('reports %s as %s instead of guessing', (text, code) => expect(problemCodes(text)).toContain(code))

  it.each([
    'p $ a',
    'p a$',
    'p "$"',
    "p '$X `y` *'",
    'p "*"',
    'p \\* \\~',
    'p a~b',
    'A=*.py p',
    'p --x={a}',
    'p exp4_3~6',
    'p x[',
    'p 100%',
  ])('finds nothing to fill in in %s', (text) => expect(problemCodes(text)).toEqual([]))

  it('names the line of an unbalanced quote', () => {
    expect(parseShell('p a\np "b\nc').problems).toMatchObject([{ code: 'unbalanced', line: 1 }])
    expect(parseShell('p a\np "b\nc').commands).toEqual([])
  })

  it.skipIf(places.length === 0)(
    'reads any text as the shells of this machine do, and says so where it cannot (skipped without bash and dash)',
    () => {
      const text = fc
        .array(fc.constantFrom(...pieces), { maxLength: 10 })
        .map((parts) => `p ${parts.join('')}`)
      const batch = fc.array(text, { minLength: 50, maxLength: 50 })
      fc.assert(fc.property(batch, checkAgainstShells), { numRuns: batches, endOnFailure: true })
    },
    60_000 + batches * 5000,
  )
})

/** What the texts are made of. Redirections name the same file each time, so that no text leaves files for the patterns of another. */
const pieces = [
  ...[
    "'",
    '"',
    '\\',
    ' ',
    '\t',
    '#',
    ' #',
    '=',
    '+=',
    '$',
    '`',
    '\n',
    ',',
    ':',
    '@',
    '%',
    '!',
    '^',
    '~',
    '~/',
    '*',
    '?',
  ],
  ...[
    'a',
    'b',
    '-x',
    '1.',
    '2',
    '中',
    'if',
    '.',
    '..',
    '-',
    '$A',
    '$1',
    '$?',
    '${',
    '}',
    '${A:-',
    '$(',
    '$((',
    ')',
    '(',
  ],
  ...[
    '[',
    ']',
    '[a',
    '[!',
    '{',
    '{a',
    ',b}',
    '{a,b}',
    '{1..3}',
    "$'",
    '$"',
    '\\\n',
    '\\$',
    "\\'",
    '\\"',
    '$\\\n',
    '\\\n&',
  ],
  ...[' A=', 'B=~', ' > out ', ' 2>&1 ', ' >> out ', ' < in ', '<<', '&', '&&', '||', '|', ';'],
  ...[' && p ', ' || p ', '; p ', ' | p ', '\np ', ' p '],
]

function checkAgainstShells(texts: string[]): void {
  const calls = places.map((place) => callsIn(place, texts))
  for (const [at, text] of texts.entries()) {
    const parsed = parseShell(text)
    const found = places.map((place, index) => ({ ...place, calls: calls[index][at] }))
    const [fatal] = parsed.problems
    if (fatal && ['unbalanced', 'syntax', 'unfinished'].includes(fatal.code))
      expect([text, fatal.code, places.some((place) => hasSyntaxError(place, text))]).toEqual([
        text,
        fatal.code,
        true,
      ])
    else if (fatal) expect(text).toMatch(/[()]|<</)
    else if (parsed.commands.every(({ problems }) => problems.length === 0))
      checkExact(text, parsed.commands, found)
    else checkUnknown(text, parsed.commands, found)
  }
}

type Answer = (typeof places)[number] & { calls: ShellCall[] }

/** Where the parser says that words and settings are exact, every shell must have passed on just these. */
function checkExact(text: string, commands: readonly ShellCommand[], answers: readonly Answer[]): void {
  // Other names start nothing, and a file that is missing keeps its command from starting.
  if (commands.some(({ argv }) => argv.length > 0 && argv[0] !== 'p')) return
  if (commands.some(({ redirects }) => redirects.some((one) => !/^(>>? out|< in|2>&1)$/.test(one)))) return
  const operators = new Set(commands.map(({ operator }) => operator))
  // Brackets that hold nothing match nothing but themselves; only nullglob takes them for a pattern.
  const hasEmptyBrackets = commands.some(({ argv }) => argv.some((word) => /\[[!^]?\]/.test(word)))
  for (const { shell, isBash, env, before, calls } of answers) {
    if ((operators.has('|&') && !isBash) || (hasEmptyBrackets && before !== '')) continue
    const wanted = expectedCalls(commands, env)
    // Commands of a pipeline and in the background run at the same time, and what they set stays with them.
    const isOrdered = !['|', '|&', '&'].some((operator) =>
      operators.has(operator as ShellCommand['operator']),
    )
    const shown = (list: readonly ShellCall[]) =>
      isOrdered ? list : list.map(({ argv }) => JSON.stringify(argv)).sort()
    expect([shell, text, shown(calls)]).toEqual([shell, text, shown(wanted)])
  }
}

/** The calls of commands that all succeed: the pipeline that follows `||` is passed over. */
function expectedCalls(commands: readonly ShellCommand[], env: Record<string, string>): ShellCall[] {
  let known: Record<string, string> = { A: '', B: '', ...env }
  let isSkipped = false
  return commands.flatMap(({ argv, env: set }, at) => {
    const before = commands[at - 1]?.operator
    if (before !== '|' && before !== '|&') isSkipped = before === '||'
    if (isSkipped) return []
    if (argv.length === 0) known = { ...known, ...set }
    const seen = { ...known, ...set }
    return argv.length === 0 ? [] : [{ argv: argv.slice(1), a: seen.A, b: seen.B }]
  })
}

/** Where it says that something is filled in, no words at all, or other ones somewhere, must be what the shells pass on. */
function checkUnknown(text: string, commands: readonly ShellCommand[], answers: readonly Answer[]): void {
  const problems = commands.flatMap((command) => command.problems)
  if (problems.some(({ code }) => code !== 'expansion')) return
  // Only a command that runs shows what it was given.
  if (commands.some(({ argv, operator }) => argv[0] !== 'p' || operator === '||')) return
  // `~name` is the home folder of a person this machine need not have.
  if (problems.some(({ message }) => message.startsWith('The home folder'))) return
  const literal = expectedCalls(commands, {}).map(({ argv }) => argv)
  const isLiteral = ({ calls }: Answer) =>
    JSON.stringify(calls.map(({ argv }) => argv)) === JSON.stringify(literal)
  const setsVariables = commands.some(({ env }) => Object.keys(env).length > 0)
  if (!setsVariables) expect([text, answers.every(isLiteral)]).toEqual([text, false])
}

describe('quoteShell', () => {
  it('leaves plain words plain and quotes the others', () => {
    expect(quoteShell(['python', 'a.py', '--x', 'a b', "it's", '', '*'], { A: '', B: 'x y' })).toBe(
      `A= B='x y' python a.py --x 'a b' 'it'\\''s' '' '*'`,
    )
  })

  it('is read back unchanged for any words and settings', () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/)
    const word = fc
      .oneof(fc.string({ maxLength: 8 }), fc.constantFrom('if', 'A=1', '~', '{a,b}', '$X', '\n', '!', '#'))
      .map((text) => text.replaceAll('\r\n', '\n'))
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), fc.dictionary(name, word), (argv, env) => {
        const { commands, problems } = parseShell(quoteShell(argv, env))
        expect(problems).toEqual([])
        expect(commands).toHaveLength(1)
        expect(commands[0]).toMatchObject({ argv, env: { ...env }, problems: [] })
      }),
    )
  })

  it('refuses a variable name that no shell can set', () => {
    expect(() => quoteShell(['p'], { 'a-b': '1' })).toThrow(/no name/)
  })
})
