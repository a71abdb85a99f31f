import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { parseLabBook } from '../../../../src/main/core/experiments/labBook/parseLabBook.ts'
import { listExperiments, type LabBook, type LabCommand } from '../../../../src/shared/domain/labBook.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const fixture = (name: string) => readFileSync(join(fixtures, name), 'utf8')
const read = (name: string) => parseLabBook(fixture(name))
const commandsOf = (book: LabBook) => listExperiments(book).experiments.flatMap(({ commands }) => commands)
const named = (book: LabBook, name: string) => {
  const found = listExperiments(book).experiments.find((experiment) => experiment.name === name)
  if (!found) throw new Error(`no experiment ${name}`)
  return found
}
const short = ({ line, argv }: LabCommand) => `${line} ${argv.join(' ')}`

/** Stub programs that print what a shell gives them: arguments, then variables, each ended by NUL. */
const stubs = mkdtempSync(join(tmpdir(), 'parallax-stubs-'))
for (const name of [
  'python',
  'torchrun',
  'deepspeed',
  'accelerate',
  'srun',
  'conda',
  'nohup',
  'env',
  'python3.11',
]) {
  writeFileSync(join(stubs, name), `#!/bin/sh\nprintf '%s\\0' "\${0##*/}" "$@" --ENV--\n/usr/bin/env -0\n`)
  chmodSync(join(stubs, name), 0o755)
}
afterAll(() => rmSync(stubs, { recursive: true, force: true }))
const bash = ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path))
const hasBash = bash !== undefined && existsSync('/usr/bin/env')

/** What bash passes to the programs of one command line, program by program. */
function runByBash(line: string): { argv: string[]; env: Record<string, string> }[] {
  const { stdout } = spawnSync(bash ?? '', ['--norc', '--noprofile', '-c', line], {
    env: { PATH: stubs },
    encoding: 'utf8',
    cwd: stubs,
  })
  const calls: { argv: string[]; env: Record<string, string> }[] = []
  const words = stdout.split('\0').slice(0, -1)
  while (words.length > 0) {
    const argv = words.splice(0, words.indexOf('--ENV--'))
    words.shift()
    const env: Record<string, string> = {}
    while (words[0]?.includes('=') && !words[0].startsWith('-')) {
      const [name, ...value] = words.shift()!.split('=')
      if (!['PATH', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)) env[name] = value.join('=')
    }
    calls.push({ argv, env })
  }
  return calls
}

/** Every line of the file is accounted for exactly once, and no words of the user are lost. */
function expectNothingLost(text: string, book: LabBook): void {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  expect(book.lines.map(({ line }) => line)).toEqual(lines.map((_, index) => index + 1))
  const kept = JSON.stringify(book.sections) + JSON.stringify(book.problems)
  for (const { line, kind } of book.lines)
    if (
      !/^[|\s:+-]+$/.test(lines[line - 1]) &&
      ['note', 'note-group', 'table', 'code', 'comment', 'label', 'run', 'environment', 'shell'].includes(
        kind,
      )
    ) {
      const words = lines[line - 1]
        .replace(/^\s*(?:>\s*)*(?:[-*+•]|\d+[.)、]|#+(?!\+))?\s*(?:\[[ xX/-]\])?\s*/, '')
        .replace(kind === 'environment' ? /^(?:\$ |`)|`$/g : /^: /, '')
        .trim()
        .slice(0, 200)
      expect(kept, `line ${line}: ${words}`).toContain(JSON.stringify(words).slice(1, -1))
    }
}

describe('a lab book with fenced blocks', () => {
  const book = read('fenced.md')

  it('reads commands over several lines with their quotes', () => {
    expect(named(book, 'abl-01: baseline').commands).toMatchObject([
      {
        line: 17,
        kind: 'train',
        env: { CUDA_VISIBLE_DEVICES: '0,1' },
        argv: [
          'torchrun',
          '--standalone',
          '--nproc_per_node=2',
          'train_csgo.py',
          '--csgo_config',
          'csgo_configs/abl_01.yaml',
          '--output_dir',
          'outputs/csgo_1b/abl 01',
          '--learning_rate',
          '1e-4',
          '--run_name',
          `it's a "test"`,
          '--bf16',
        ],
      },
      {
        line: 24,
        kind: 'eval-loc',
        argv: ['python', 'eval_csgo_loc.py', '--csgo_config=csgo_configs/test/abl_01_loc.yaml'],
        labels: { steps: [4000] },
      },
    ])
  })

  it('makes sub-sections experiments with a parent', () => {
    expect(named(book, 'Benchmark')).toMatchObject({ level: 3, parent: 'abl-01: baseline', lines: [29, 33] })
  })

  it('keeps a redirection out of the arguments and says so', () => {
    expect(named(book, 'Benchmark').commands[0].argv.at(-1)).toBe('8')
    expect(book.problems).toContainEqual(
      expect.objectContaining({ line: 31, severity: 'info', code: 'shell-only' }),
    )
  })

  it('reports variables and loops with their line and goes on with the next command', () => {
    expect(book.problems.filter(({ experiment }) => experiment === 'abl-02: variables')).toMatchObject([
      { line: 37, severity: 'error', code: 'expansion' },
      { line: 39, severity: 'error', code: 'expansion' },
    ])
    expect(named(book, 'abl-02: variables').commands.map(short)).toEqual([
      '41 python -u -m torch.distributed.run --nproc_per_node 2 train_csgo.py --csgo_config csgo_configs/abl_02.yaml',
      '41 python eval_csgo.py --csgo_config csgo_configs/test/abl_02.yaml',
    ])
  })

  it('reports an unbalanced quote with its line, and does not let it swallow the next command', () => {
    expect(book.problems).toContainEqual(
      expect.objectContaining({ line: 46, code: 'unbalanced', experiment: 'abl-03: broken quote' }),
    )
    expect(named(book, 'abl-03: broken quote').commands.map(short)).toEqual([
      '47 python eval_csgo.py --csgo_config csgo_configs/test/abl_03.yaml',
    ])
  })

  it('ends a block that is never closed at the next heading', () => {
    expect(book.problems).toContainEqual(expect.objectContaining({ line: 55, code: 'open-fence' }))
    expect(named(book, 'abl-04: never closed').commands).toHaveLength(1)
    expect(named(book, 'abl-05').lines).toEqual([58, 60])
  })

  it('reads check boxes as todo and done', () => {
    expect(named(book, 'abl-05').commands.map(({ todo }) => todo)).toEqual([true, false])
    expect(book.todos).toMatchObject([{ line: 59, experiment: 'abl-05' }])
  })
})

describe('other ways to write a lab book', () => {
  it('reads org files', () => {
    const book = read('org.org')
    expect(listExperiments(book).experiments.map(({ name, level, parent }) => [name, level, parent])).toEqual(
      [
        ['run1 baseline', 2, null],
        ['Training', 3, 'run1 baseline'],
        ['Evaluation', 3, 'run1 baseline'],
        ['run2', 2, null],
      ],
    )
    expect(commandsOf(book).map(({ line, kind }) => [line, kind])).toEqual([
      [8, 'train'],
      [13, 'eval-gen'],
      [16, 'eval-loc'],
    ])
    expect(book.todos).toMatchObject([{ line: 4, text: 'run1 baseline' }])
  })

  it('reads Chinese headings, labels, list marks and quotes', () => {
    const book = read('chinese.md')
    expect(listExperiments(book).experiments.map(({ name }) => name)).toEqual([
      '实验一：基线',
      '实验二',
      '实验三',
    ])
    expect(commandsOf(book).map(({ line, kind, todo }) => [line, kind, todo])).toEqual([
      [8, 'train', false],
      [9, 'eval-loc', false],
      [12, 'train', false],
      [13, 'benchmark', true],
      [15, 'frames-to-video', false],
      [19, 'eval-gen', false],
    ])
    expect(commandsOf(book)[1].labels).toMatchObject({ steps: [8000], remarks: ['结果不收敛'] })
    expect(commandsOf(book)[4].argv.at(-1)).toBe('图片/乙 丙')
  })

  it('reads files from Windows: byte order mark, CRLF and tabs', () => {
    const book = read('windows.md')
    expect(commandsOf(book).map(({ line, argv }) => [line, argv.slice(1)])).toEqual([
      [6, ['eval_csgo.py', '--csgo_config', 'a.yaml']],
      [8, ['train_csgo.py', '--csgo_config', 'a.yaml', '--output_dir', 'out dir']],
      [13, ['eval_csgo_loc.py', '--csgo_config', 'b.yaml']],
    ])
    expect(book.lines).toHaveLength(13)
  })

  it('reads commands in tables, HTML and behind bold labels, and leaves prose and comments alone', () => {
    const book = read('tables.md')
    expect(commandsOf(book).map(({ line, argv }) => [line, argv.at(-1)])).toEqual([
      [4, '1e-4'],
      [5, '5e-5'],
      [6, 'x|y.yaml'],
      [9, 'b'],
      [9, 'c.yaml'],
      [16, 'd.yaml'],
      [17, 'e.yaml'],
      [17, 'f.yaml'],
    ])
    expect(commandsOf(book)[0].labels).toMatchObject({ learningRates: ['1e-4'], scores: { XY_Dist: 71.2 } })
    expect(book.problems).toMatchObject([{ line: 15, severity: 'info', code: 'command-in-text' }])
  })

  it('keeps markup as the text it is', () => {
    expect(named(read('tables.md'), 'sweep').notes.at(-1)).toMatchObject({
      kind: 'text',
      text: '<script>alert(1)</script> [link](javascript:alert(1))',
    })
  })

  it('reads mismatched backticks, spans over several lines, and every launcher', () => {
    const book = read('odd.md')
    expect(commandsOf(book).map(short)).toEqual([
      '1 python train_csgo.py --csgo_config early.yaml',
      '4 python eval_csgo.py --csgo_config m.yaml',
      '5 python eval_csgo.py --csgo_config n.yaml',
      '6 python train_csgo.py --csgo_config o.yaml --output_dir outputs/o',
      '9 python eval_csgo_loc.py --csgo_config p.yaml',
      '11 nohup python -u train_csgo.py --csgo_config q.yaml',
      '17 deepspeed --include localhost:0,1 --master_port 29501 train_csgo.py --csgo_config r.yaml --deepspeed ds.json',
      '18 accelerate launch --num_processes 2 train_csgo.py --csgo_config s.yaml',
      '19 srun -p gpu --gres=gpu:2 -n 2 python train_csgo.py --csgo_config t.yaml',
      '20 conda run -n unilip python eval_csgo.py --csgo_config u.yaml',
      '21 env CUDA_VISIBLE_DEVICES=0 python3.11 ./scripts/eval_csgo_loc.py --csgo_config v.yaml',
      '22 ./tools/benchmark_csgo_v1.py --gt a --pred b',
      '23 python eval_csgo.py --csgo_config w.yaml',
      '24 python eval_csgo.py --csgo_config x.yaml',
    ])
    expect(commandsOf(book)[12].env).toEqual({ A: '1', B: 'x y' })
    expect(
      book.problems.filter(({ severity }) => severity === 'error').map(({ line, code }) => [line, code]),
    ).toEqual([
      [12, 'expansion'],
      [13, 'unbalanced'],
      [14, 'expansion'],
    ])
  })

  it('reads thirty more ways to write a command, and guesses at none', () => {
    const book = read('mixed.md')
    const configs = commandsOf(book).map(({ line, argv }) => [
      line,
      argv.join(' ').match(/a\d+(?=\.yaml)/)?.[0] ?? argv.join(' '),
    ])
    expect(configs).toEqual([
      [2, 'a1'],
      [7, 'a2'],
      [10, 'a3'],
      [16, 'a4'],
      [24, 'a5'],
      [27, 'a6'],
      [28, 'a7'],
      [29, 'a8'],
      [30, 'a9'],
      [31, 'a10'],
      [33, 'a12'],
      [34, 'a13'],
      [35, 'a14'],
      [35, 'a15'],
      [37, 'a17'],
      [38, 'a18'],
      [39, 'a19'],
      [40, 'a20'],
      [41, 'a21'],
      [42, 'a22'],
      [44, 'a24'],
      [45, 'a25'],
      [46, 'python eval_csgo.py'],
      [49, 'a27'],
      [51, 'a29'],
      [52, 'a30'],
      [53, 'a31'],
      [54, 'a32'],
      [55, 'a33'],
    ])
    expect(book.problems.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '27 shell-only',
      '28 shell-only',
      '32 command-in-text',
      '36 compound',
      '43 expansion',
      '44 curly-quotes',
      '50 command-in-text',
    ])
    const labels = (line: number) => commandsOf(book).find((command) => command.line === line)?.labels
    expect(labels(38)).toMatchObject({ machines: ['67'], scores: { FID: 14.7, LPIPS: 0.28 } })
    expect(labels(49)).toEqual({ states: ['struck'] })
    expect(labels(24)).toMatchObject({ steps: [5000] })
    expect(labels(27)).toEqual({})
  })

  it.each([
    ['obsidian.md', ['24 train', '32 eval-gen', '37 eval-gen', '38 benchmark'], []],
    ['notion.md', ['16 train', '17 eval-gen', '23 eval-loc', '33 frames-to-video'], []],
    ['agenda.org', ['16 train', '24 eval-gen', '25 eval-loc', '26 benchmark'], ['32 unknown-script']],
    [
      'readme.md',
      ['22 train', '28 train', '33 train', '34 eval-loc', '43 train', '43 eval-gen'],
      ['34 shell-only'],
    ],
    [
      'powershell.md',
      [],
      [
        '3 unbalanced',
        '4 stray-arguments',
        '5 stray-arguments',
        '9 other-language',
        '16 other-language',
        '21 command-in-text',
        '22 command-in-text',
      ],
    ],
    [
      'fullWidth.md',
      ['10 train', '13 eval-gen', '16 eval-loc', '21 train'],
      ['17 command-in-text', '20 odd-blank', '21 odd-dash'],
    ],
    [
      'prompts.md',
      [
        '2 train',
        '6 eval-gen',
        '7 train',
        '8 eval-loc',
        '9 benchmark',
        '10 frames-to-video',
        '12 eval-gen',
        '14 eval-gen',
        '15 eval-gen',
      ],
      ['11 command-in-text', '13 commented-command'],
    ],
    [
      'continuations.md',
      ['2 train', '9 train', '15 eval-gen', '18 train', '19 train'],
      [
        '3 blank-behind-backslash',
        '6 stray-arguments',
        '9 blank-behind-backslash',
        '12 stray-arguments',
        '18 shell-only',
        '19 shell-only',
      ],
    ],
    [
      'slurm.md',
      ['2 train', '8 train', '19 train'],
      [
        '3 command-inside',
        '5 command-inside',
        '6 command-in-text',
        '7 command-inside',
        '9 command-inside',
        '10 command-inside',
      ],
    ],
    [
      'scripts.md',
      ['19 eval-gen', '19 benchmark', '20 eval-gen', '21 benchmark', '23 eval-gen'],
      [
        '4 expansion',
        '4 expansion',
        '9 expansion',
        '14 compound',
        '16 compound',
        '18 compound',
        '22 unbalanced',
        '24 unbalanced',
        '25 expansion',
        '26 command-in-text',
        '28 unbalanced',
      ],
    ],
    ['html.md', ['2 eval-gen', '4 eval-loc', '12 eval-gen'], ['5 stray-arguments', '7 command-in-text']],
  ])('finds the commands of %s, and says why the others are none', (name, commands, problems) => {
    const book = read(name)
    expect(commandsOf(book).map(({ line, kind }) => `${line} ${kind}`)).toEqual(commands)
    expect(book.problems.map(({ line, code }) => `${line} ${code}`)).toEqual(problems)
  })

  it('knows the kind of each script behind any launcher and in any folder', () => {
    const book = read('launchers.md')
    const missing = ['30 unknown-script', '32 backslash']
    expect(book.problems.map(({ line, code }) => `${line} ${code}`)).toEqual(missing)
    const kinds = new Map(commandsOf(book).map(({ line, kind }) => [line, kind]))
    expect([...kinds.keys()]).toEqual([...Array.from({ length: 28 }, (_, n) => n + 2), 31, 32, 33])
    for (const [line, kind] of kinds)
      expect([line, kind]).toEqual([
        line,
        { 22: 'eval-loc', 24: 'benchmark', 25: 'benchmark', 26: 'frames-to-video' }[line] ??
          ([23, 27, 28, 29, 33].includes(line) ? 'eval-gen' : 'train'),
      ])
  })

  it('gives nested lists their own labels, and a line below a command to nobody else', () => {
    const labels = new Map(commandsOf(read('nested.md')).map((command) => [command.line, command.labels]))
    expect(labels.get(7)).toMatchObject({ under: '**eval_csgo.py** step=1000', remarks: ['de_nuke'] })
    expect(labels.get(12)).toEqual({ text: ['step=2000'], steps: [2000] })
    // "masked_loc_loss: 0.85" stands below the training of line 15.
    expect(labels.get(18)).toEqual({
      text: ['2026/03/05 eval @67 ckpt 8000:', '→ FID=14.2 LPIPS=0.28 (good)'],
      steps: [8000],
      machines: ['67'],
      dates: ['2026-03-05'],
      remarks: ['good'],
      scores: { FID: 14.2, LPIPS: 0.28 },
    })
    expect(labels.get(21)).toMatchObject({ run: 'exp32_1', learningRates: ['5e-5'] })
    const table = new Map(commandsOf(read('notion.md')).map((command) => [command.line, command.labels]))
    expect(table.get(16)?.states).toBeUndefined()
    expect(table.get(17)).toMatchObject({ states: ['done'], scores: { FID: 14.71, LPIPS: 0.2806 } })
  })

  it('joins a chain over several lines, and lets an export reach the commands behind it', () => {
    const [first, second] = commandsOf(
      parseLabBook(
        '```bash\nexport A=1 &&\npython eval_csgo.py --x &&\n  B=2 python eval_csgo.py --y\n```\n',
      ),
    )
    expect(first).toMatchObject({ line: 3, env: { A: '1' }, argv: ['python', 'eval_csgo.py', '--x'] })
    expect(second).toMatchObject({ line: 4, env: { A: '1', B: '2' } })
  })

  it.each(readdirSync(fixtures))('loses nothing of %s', (name) =>
    expectNothingLost(fixture(name), read(name)),
  )

  it.skipIf(!hasBash)(
    'passes what bash passes for one-line commands of the fixtures (skipped without bash)',
    () => {
      const cases: [string, string, number][] = [
        ['fenced.md', fixture('fenced.md').split('\n').slice(15, 24).join('\n'), 2],
        ['chinese.md', 'python frames_to_video.py --img_dir 图片/甲 --gt_dir "图片/乙 丙"', 1],
      ]
      for (const [name, script, count] of cases) {
        const calls = runByBash(script)
        expect(calls).toHaveLength(count)
        for (const { argv } of calls)
          expect(commandsOf(read(name)).map((command) => command.argv)).toContainEqual(argv)
      }
    },
  )
})

describe('notes and labels', () => {
  it('groups notes under their bold title, with dates, strikes and runs', () => {
    const book = parseLabBook(
      [
        '## exp1',
        '- ~~old idea~~',
        '',
        '**20260201 summary**',
        '- first',
        '- second',
        '',
        '**train_csgo.py**',
        '- exp1_lr1e-4 **todo**',
        '```  python train_csgo.py --csgo_config exp1.yaml  ```',
        '**eval_csgo_loc.py** 65:8000 lr 1e-3 masked_loc_loss: 0.853434 guessing',
        '``python eval_csgo_loc.py --csgo_config t.yaml``',
        '**benchmark_csgo.py todo**',
      ].join('\n'),
    )
    const { notes, commands } = named(book, 'exp1')
    expect(notes).toMatchObject([
      { text: '~~old idea~~', struck: true },
      { kind: 'group', date: '2026-02-01' },
      { text: 'first', group: '**20260201 summary**', date: '2026-02-01' },
      { text: 'second' },
      { kind: 'label', text: '**train_csgo.py**' },
      { kind: 'label', text: '**benchmark_csgo.py todo**', todo: true },
    ])
    expect(commands[0]).toMatchObject({ todo: true, labels: { run: 'exp1_lr1e-4', learningRates: ['1e-4'] } })
    expect(commands[1].labels).toMatchObject({
      run: 'exp1_lr1e-4',
      steps: [8000],
      machines: ['65'],
      learningRates: ['1e-3'],
      losses: { masked_loc_loss: 0.853434 },
      remarks: ['guessing'],
    })
    expect(book.todos.map(({ line }) => line)).toEqual([9, 13])
  })

  it('links experiments that are named in notes, runs and configs', () => {
    const book = parseLabBook(
      [
        '## exp1',
        '- exp1_2_lr1',
        '`python train_csgo.py --csgo_config exp1_2.yaml`',
        '## exp2',
        'copy from exp1_2, more',
        'see exp9_1',
        '- exp1 + dust2',
        '`python eval_csgo.py --csgo_config csgo_configs/test/exp1_loc.yaml`',
      ].join('\n'),
    )
    expect(book.links.map(({ line, to, kind }) => [line, to, kind])).toEqual([
      [5, 'exp1', 'copied-from'],
      [6, null, 'mention'],
      [7, 'exp1', 'mention'],
      [8, 'exp1', 'config'],
    ])
  })

  it('takes level-1 headings for parts of the book unless they hold commands', () => {
    const flat = parseLabBook(
      '# first try\nnote\n`python train_csgo.py --csgo_config a.yaml`\n# second try\nmore\n',
    )
    expect(listExperiments(flat).experiments.map(({ name }) => name)).toEqual(['first try', 'second try'])
    const parts = parseLabBook('# envs\npip install torch\n# exp\n## exp0\n')
    expect(listExperiments(parts).experiments.map(({ name }) => name)).toEqual(['exp0'])
    expect(parts.lines[1].kind).toBe('shell')
  })
})

describe('any input', () => {
  it('reads 3,000 lines', () => {
    const section = (n: number) =>
      `## exp${n}\nMASTER_PORT=29505 RANK=0\n\n- note ${n}\n\n**train_csgo.py**\n\`\`\`   CUDA_VISIBLE_DEVICES=1 python train_csgo.py ${Array.from({ length: 40 }, (_, i) => `--flag_${i} ${n}`).join(' ')}   \`\`\`\n**eval_csgo_loc.py** 65:${n}000\n\`\`python eval_csgo_loc.py --csgo_config exp${n}.yaml\`\`\n\n`
    const book = parseLabBook(Array.from({ length: 300 }, (_, n) => section(n)).join(''))
    expect(book.lines.length).toBeGreaterThanOrEqual(3000)
    expect(commandsOf(book)).toHaveLength(600)
  })

  it('reads lines that repeat one thing a hundred thousand times', () => {
    // Each of these once took a regular expression minutes.
    for (const text of [
      '`a'.repeat(50_000),
      `## a${' '.repeat(100_000)}b`,
      `a@b${'c'.repeat(100_000)}`,
      `${' '.repeat(100_000)}x`,
      '`python a.py \\\nx \\\n'.repeat(3000),
      'A=1 '.repeat(50_000),
      `\`python a.py --x ${'a'.repeat(100_000)}\``,
      `- ${'exp1_'.repeat(20_000)}`,
      'python a.py \\\n'.repeat(7000),
      `python a.py ${'['.repeat(100_000)}`,
    ])
      expect(parseLabBook(`## exp1\n${text}`).lines.length).toBeGreaterThan(1)
  })

  it('accounts for every line of any text, binary junk included', () => {
    const piece = fc.constantFrom(
      '## exp1',
      '```',
      '``',
      '`',
      '~~~',
      '- ',
      'python train_csgo.py --a',
      ' "',
      "'",
      '\\',
      '\n',
      '\n\n',
      '\r\n',
      '|',
      '**',
      '\t',
      '# x',
      '\0',
      '\uFFFD',
      'A=1',
      '<!--',
      '-->',
      '---',
      '$X',
      '> ',
      '[ ] ',
      'x',
      ' && ',
      ' \\ ',
      'cat <<EOF',
      'EOF',
      '#+begin_src',
      '<pre>',
      '`python eval_csgo.py --x`',
      'step=100',
      '- exp1_1',
      '==',
      '\u3000',
      '（',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        (text) => {
          const book = parseLabBook(text)
          const count = text.includes('\n')
            ? text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
            : text === ''
              ? 0
              : 1
          expect(book.lines.map(({ line }) => line)).toEqual(
            Array.from({ length: count }, (_, index) => index + 1),
          )
          // What is no blank line became something that is kept, and each command stands on a line of its own kind.
          const lines = text.split(/\r?\n/)
          for (const { line, kind } of book.lines)
            if (kind === 'blank') expect(lines[line - 1].trim()).toBe('')
          for (const { line } of book.sections.flatMap(({ commands }) => commands))
            expect(book.lines[line - 1].kind).toBe('command')
        },
      ),
      { numRuns: 400, examples: [['#+begin_src\r\n> ']] },
    )
    const junk = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 256)).toString('utf8')
    expect(() => parseLabBook(junk)).not.toThrow()
  })
})

const reference = process.env.PARALLAX_REFERENCE_DATA
const record = reference === undefined ? undefined : join(reference, 'data/record.md')

describe.skipIf(record === undefined || !existsSync(record))(
  'the real lab book (skipped without PARALLAX_REFERENCE_DATA)',
  () => {
    const text = record && existsSync(record) ? readFileSync(record, 'utf8') : ''
    const book = parseLabBook(text)

    it('holds 22 experiments and 118 commands, 12 of them frames to video', () => {
      const { experiments } = listExperiments(book)
      expect(experiments).toHaveLength(22)
      expect(experiments.map(({ name }) => name)).toEqual(
        text.split('\n').flatMap((line) => /^##+ (.+)$/.exec(line)?.[1].trim() ?? []),
      )
      expect(commandsOf(book)).toHaveLength(118)
      expect(commandsOf(book).filter(({ kind }) => kind === 'frames-to-video')).toHaveLength(12)
      expect(book.problems).toEqual([])
      expectNothingLost(text, book)
    })

    it.skipIf(!hasBash)('passes exactly what bash passes, for all 118 (skipped without bash)', () => {
      // Found without the parser: whatever stands in double or triple backticks.
      const lines = text.split('\n').flatMap((line, index) => {
        const code = /(`{2,3})\s+(.+?)\s+\1/.exec(line)?.[2]
        return code === undefined ? [] : [{ line: index + 1, code }]
      })
      expect(lines).toHaveLength(118)
      expect(commandsOf(book).map(({ line, argv, env }) => ({ line, argv, env }))).toEqual(
        lines.map(({ line, code }) => ({ line, ...runByBash(code)[0] })),
      )
    })

    it('reads what the labels say', () => {
      const at = (line: number) => commandsOf(book).find((command) => command.line === line)
      expect(at(208)?.labels).toMatchObject({
        run: 'exp4_3_lr1e-4',
        machines: ['65'],
        steps: [8000],
        learningRates: ['1e-4'],
      })
      expect(at(270)?.labels).toMatchObject({
        machines: ['78'],
        steps: [8000],
        learningRates: ['1e-3'],
        losses: { masked_loc_loss: 0.853434 },
      })
      expect(at(451)?.labels).toMatchObject({
        steps: [6000],
        losses: { masked_loc_loss: 1.229501 },
        settings: { alpha_loc_loss: '10' },
      })
      expect(at(241)).toMatchObject({ todo: true })
      expect(
        commandsOf(book)
          .filter(({ todo }) => todo)
          .map(({ line }) => line),
      ).toEqual([91, 130, 241, 330, 349, 350, 351])
      expect(named(book, 'exp4_5_2')).toMatchObject({ level: 3, parent: 'exp4_3~6' })
    })
  },
)
