import { describe, expect, it } from 'vitest'
import { parseLabBook } from '../../../../src/main/core/experiments/labBook/parseLabBook.ts'
import { proposeEntry, type LabEntry } from '../../../../src/main/core/experiments/labBook/writeEntry.ts'

const book = [
  '# exp',
  '',
  '## exp1',
  '- note',
  '',
  '**train_csgo.py**',
  '```   python train_csgo.py --csgo_config exp1.yaml   ```',
  '**eval_csgo_loc.py** 65:8000 lr 1e-4 masked_loc_loss: 0.5',
  '``  python eval_csgo_loc.py --csgo_config exp1_loc.yaml    ``',
  '    **benchmark_csgo.py todo**',
  '    ``  python benchmark_csgo.py --gt a --pred b    ``',
  '',
  '',
  '## exp2',
  '- exp2_a',
  '```   python train_csgo.py --csgo_config exp2_a.yaml   ```',
  '- exp2_b',
  '```   python train_csgo.py --csgo_config exp2_b.yaml   ```',
].join('\n')

const loc = (config: string, more: Partial<LabEntry> = {}): LabEntry => ({
  experiment: 'exp1',
  kind: 'eval-loc',
  command: { env: {}, argv: ['python', 'eval_csgo_loc.py', '--csgo_config', config] },
  ...more,
})
const benchmark: LabEntry = {
  experiment: 'exp1',
  kind: 'benchmark',
  command: { env: {}, argv: ['python', 'benchmark_csgo.py', '--gt', 'a', '--pred', 'b'] },
}
const added = (entry: LabEntry, text = book) => {
  const { patch, before, after } = proposeEntry(text, entry, 'record.md')
  expect(before).toBe(text)
  expect(parseLabBook(after).problems).toEqual([])
  return patch.split('\n').filter((line) => /^[+-](?![+-])/.test(line))
}

describe('proposeEntry', () => {
  it('adds a new command behind the last of its kind, in the style of the section', () => {
    const { patch, after } = proposeEntry(
      book,
      loc('new.yaml', { step: 9000, machine: '67', scores: { XY_Dist: '71.2' }, remark: '收敛' }),
      'record.md',
    )
    expect(patch).toContain(
      '+**eval_csgo_loc.py** 67:9000 XY_Dist: 71.2 收敛\n+``  python eval_csgo_loc.py --csgo_config new.yaml    ``\n',
    )
    const command = parseLabBook(after)
      .sections.flatMap(({ commands }) => commands)
      .find(({ argv }) => argv.includes('new.yaml'))
    expect(command?.labels).toMatchObject({
      steps: [9000],
      machines: ['67'],
      scores: { XY_Dist: 71.2 },
      remarks: ['收敛'],
    })
    // Behind the benchmark that is indented below the last evaluation.
    expect(command?.line).toBe(13)
  })

  it('fills in a command that waits for its result, and takes its todo away', () => {
    expect(added({ ...benchmark, step: 8000, scores: { FID: '14.7104' } })).toEqual([
      '-    **benchmark_csgo.py todo**',
      '+    **benchmark_csgo.py** 8000 FID: 14.7104',
    ])
  })

  it('adds a second result of the same command as a new entry', () => {
    expect(added(loc('exp1_loc.yaml', { step: 16_000 }))).toEqual([
      '+**eval_csgo_loc.py** 16000',
      '+``  python eval_csgo_loc.py --csgo_config exp1_loc.yaml    ``',
    ])
    expect(added(loc('exp1_loc.yaml', { step: 8000, scores: { XY_Dist: '5' } }))).toEqual([
      '-**eval_csgo_loc.py** 65:8000 lr 1e-4 masked_loc_loss: 0.5',
      '+**eval_csgo_loc.py** 65:8000 lr 1e-4 masked_loc_loss: 0.5 XY_Dist: 5',
    ])
  })

  it('writes into a run, and starts a new section in the spacing of the book', () => {
    const { after } = proposeEntry(book, { ...loc('x.yaml'), experiment: 'exp2', run: 'exp2_a' }, 'record.md')
    expect(after.split('\n').slice(14, 18)).toEqual([
      '- exp2_a',
      '```   python train_csgo.py --csgo_config exp2_a.yaml   ```',
      '**eval_csgo_loc.py**',
      '``  python eval_csgo_loc.py --csgo_config x.yaml    ``',
    ])
    const { after: longer } = proposeEntry(book, { ...loc('y.yaml'), experiment: 'exp3' }, 'record.md')
    expect(longer.startsWith(`${book}\n\n\n## exp3\n**eval_csgo_loc.py**\n`)).toBe(true)
    expect(longer.endsWith('``')).toBe(true)
  })

  it('keeps Windows line ends', () => {
    const { after } = proposeEntry(book.replaceAll('\n', '\r\n'), loc('new.yaml'), 'record.md')
    expect(after.replaceAll('\r\n', '')).not.toContain('\n')
  })

  it('writes a comment behind a bare command, so that nothing becomes an argument', () => {
    const text = '## exp1\n```bash\npython benchmark_csgo.py --gt a --pred b\n```\n'
    expect(added({ ...benchmark, scores: { FID: '3' } }, text)).toEqual([
      '-python benchmark_csgo.py --gt a --pred b',
      '+python benchmark_csgo.py --gt a --pred b  # FID: 3',
    ])
    expect(added({ ...benchmark, experiment: 'exp2' }, text)).toContain('+```bash')
  })

  it('writes into an empty book, with words that need quotes and backticks', () => {
    const entry = loc("it's `x`", { experiment: 'first' })
    const { after } = proposeEntry('', entry, 'record.md')
    expect(parseLabBook(after).sections[0].commands[0].argv).toEqual(entry.command.argv)
  })

  it('starts a section of an org file with stars', () => {
    const org = '#+TITLE: Book\n\n* exp1\n~python train_csgo.py --output_dir a~\n'
    const command = { env: {}, argv: ['python', 'eval_csgo.py', '--csgo_config', 'a.yaml'] }
    const { after } = proposeEntry(org, { experiment: 'exp2', kind: 'eval-gen', command }, 'book.org')
    expect(after.startsWith(org)).toBe(true)
    expect(after).toContain('\n* exp2\n')
    expect(parseLabBook(after).sections.at(-1)).toMatchObject({ name: 'exp2', commands: [command] })
  })

  it('refuses what cannot be one line', () => {
    for (const more of [
      { remark: 'a\nb' },
      { remark: '`' },
      { scores: { 'a\n## b': '1' } },
      { experiment: 'a\nb' },
    ])
      expect(() => proposeEntry(book, loc('x.yaml', more), 'r')).toThrow(/line/)
    expect(() => proposeEntry(book, loc('x\ny.yaml'), 'r')).toThrow(/line/)
  })
})
