import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LabExperiment } from '../../../../src/shared/domain/labBook.ts'
import { runCli } from '../../../support/cli.ts'
import { temporaryFolder } from '../../../support/frames.ts'
import { referenceData, referencePath } from '../../../support/studio.ts'

const book = `# exp

## exp1
- first try

**train_csgo.py**
\`\`\` CUDA_VISIBLE_DEVICES=0 python train_csgo.py --csgo_config csgo_configs/exp1.yaml --output_dir out/exp1 --learning_rate 1e-4 \`\`\`
**eval_csgo.py** 65:8000 todo
\`python eval_csgo.py --csgo_config csgo_configs/test/exp1.yaml\`

### exp1_1
copy from exp1
`

function folderWithBook(): { home: string; cwd: string; file: string } {
  const cwd = temporaryFolder('book')
  const file = join(cwd, 'record.md')
  writeFileSync(file, book)
  return { home: temporaryFolder('home'), cwd, file }
}

describe('parallax experiments', () => {
  it('lists a lab book that was not imported, in the promised shape', async () => {
    const { home, file } = folderWithBook()
    const { status, json } = await runCli(['experiments', 'list', file, '--json'], { home })
    expect(status).toBe(0)
    expect(json).toHaveLength(1)
    const { experiments } = json[0] as { experiments: LabExperiment[] }
    expect(experiments.map(({ name, level, parent }) => [name, level, parent])).toEqual([
      ['exp1', 2, null],
      ['exp1_1', 3, 'exp1'],
    ])
    expect(Object.keys(experiments[0])).toEqual(['name', 'level', 'parent', 'lines', 'notes', 'commands'])
    expect(experiments[0].commands[0]).toEqual({
      line: 7,
      kind: 'train',
      env: { CUDA_VISIBLE_DEVICES: '0' },
      argv: [
        ...['python', 'train_csgo.py', '--csgo_config', 'csgo_configs/exp1.yaml'],
        ...['--output_dir', 'out/exp1', '--learning_rate', '1e-4'],
      ],
      labels: expect.anything() as unknown,
      todo: false,
    })
    expect(experiments[0].commands[1]).toMatchObject({
      todo: true,
      labels: { machines: ['65'], steps: [8000] },
    })
  })

  it('imports a book, says what changed the second time, and shows one experiment', async () => {
    const { home, cwd, file } = folderWithBook()
    const first = await runCli(['experiments', 'import', 'record.md', '--json'], { home, cwd })
    expect(first.json[0]).toMatchObject({
      type: 'result',
      experiments: 2,
      commands: 2,
      added: ['exp1', 'exp1_1'],
    })
    writeFileSync(file, book.replace('first try', 'first try, worked'))
    const second = await runCli(['experiments', 'import', 'record.md', '--json'], { home, cwd })
    expect(second.json[0]).toMatchObject({ added: [], changed: ['exp1'], missing: [] })
    const shown = await runCli(['experiments', 'show', 'exp1'], { home, cwd })
    expect(shown.stdout).toContain('first try, worked')
    expect(shown.stdout).toContain('9: eval-gen  (step 8000; 65; todo)')
    const all = await runCli(['experiments', 'list'], { home, cwd })
    expect(all.stdout).toMatch(/^ {2}exp1_1/m)
  })

  it('checks the book: a command whose quotes do not close is named with its line', async () => {
    const { home, cwd, file } = folderWithBook()
    writeFileSync(file, '## exp1\n`python train_csgo.py --output_dir "out`\n')
    await runCli(['experiments', 'import', file], { home, cwd })
    const { status, stderr } = await runCli(['experiments', 'check'], { home, cwd })
    expect(status).toBe(1)
    expect(stderr).toContain('error in line 2')
  })

  it('refuses a missing file and a second file before anything is stored', async () => {
    const home = temporaryFolder('home')
    const missing = await runCli(['experiments', 'import', 'nowhere.md', '--json'], { home, cwd: home })
    expect(missing.status).toBe(1)
    expect(missing.json[0]).toMatchObject({ type: 'error', error: { code: 'not-found' } })
    expect((await runCli(['experiments', 'list', 'a.md', 'b.md'], { home })).status).toBe(2)
  })

  it.skipIf(referenceData === undefined)(
    'finds 22 experiments and 118 commands in the real lab book (needs PARALLAX_REFERENCE_DATA)',
    async () => {
      const file = referencePath('data', 'record.md')
      const { json } = await runCli(['experiments', 'list', file, '--json'], {
        home: temporaryFolder('home'),
      })
      const { experiments } = json[0] as { experiments: LabExperiment[] }
      expect(experiments).toHaveLength(22)
      expect(experiments.flatMap(({ commands }) => commands)).toHaveLength(118)
    },
  )
})
