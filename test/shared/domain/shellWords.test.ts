import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseShell, quoteShell } from '../../../src/shared/domain/shellWords.ts'

/** The words a real shell passes on: `printf '%s\0'` prints each of them, ended by NUL. */
function wordsFromShell(shell: string, words: string): string[] | undefined {
  const result = spawnSync(shell, ['-c', `printf '%s\\0' ${words}`], { encoding: 'utf8' })
  if (result.error || result.status !== 0) return undefined
  return result.stdout.split('\0').slice(0, -1)
}
const shells = ['bash', 'dash', 'sh'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0)

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

  it.skipIf(shells.length === 0)(
    'passes on the same words as the shells of this machine (skipped when there is none)',
    () => {
      const piece = fc.constantFrom(
        "'",
        '"',
        '\\',
        '\\\n',
        ' ',
        '\t',
        'a',
        '#',
        ' #',
        '=',
        '-x',
        '$ ',
        '1.',
        '中',
        ',',
        '\\"',
        "\\'",
        '%',
        ':',
        '@',
        '\\$',
      )
      fc.assert(
        fc.property(
          fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
          (words) => {
            const { commands, problems } = parseShell(`p ${words}`)
            // Two backslashes before a line end leave a real line end, and with it a second command.
            fc.pre(commands.length < 2)
            for (const shell of shells) {
              const expected = wordsFromShell(shell, words)
              if (expected === undefined) expect(problems).not.toEqual([])
              else {
                expect(problems).toEqual([])
                // With no words at all printf still prints one empty word.
                const argv = commands[0].argv.slice(1)
                expect(argv.length === 0 ? [''] : argv).toEqual(expected)
              }
            }
          },
        ),
        { numRuns: 120 },
      )
    },
  )
})

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
