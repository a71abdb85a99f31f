import { describe, expect, it } from 'vitest'
import { configsOf } from '../../../../src/renderer/src/features/experiments/config/configsOf.ts'
import { labelChips } from '../../../../src/renderer/src/features/experiments/labelChips.ts'
import { notePieces } from '../../../../src/renderer/src/features/experiments/noteText.ts'
import { scoresFromText } from '../../../../src/renderer/src/features/experiments/scoresFromText.ts'
import { treeRows } from '../../../../src/renderer/src/features/experiments/treeRows.ts'
import { shownRows } from '../../../../src/renderer/src/features/experiments/views/matrixRows.ts'
import { isFolderOf } from '../../../../src/shared/domain/experimentFolders.ts'
import type { ConfigMatrix, ExperimentNode } from '../../../../src/shared/contract/experiments.ts'

const node = (id: string, parentId: string | null, tags: string[] = []): ExperimentNode => ({
  id,
  name: id,
  level: 2,
  parentId,
  lines: [1, 2],
  isMissing: false,
  commands: { train: 0, 'eval-gen': 0, 'eval-loc': 0, benchmark: 0, 'frames-to-video': 0 },
  notes: 0,
  todos: 0,
  problems: 0,
  tags,
})

describe('notePieces', () => {
  it('reads strike-through, code and links and leaves everything else as text', () => {
    expect(notePieces('ok ~~old~~ `code` https://a.b/c?d=1，然后')).toEqual([
      { kind: 'text', text: 'ok ' },
      { kind: 'struck', text: 'old' },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'code' },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'https://a.b/c?d=1', href: 'https://a.b/c?d=1' },
      { kind: 'text', text: '，然后' },
    ])
  })

  it('never makes a link of other schemes, nor anything of HTML', () => {
    const text = '<img src=x onerror=alert(1)> javascript:alert(1) file:///etc/passwd'
    expect(notePieces(text)).toEqual([{ kind: 'text', text }])
  })

  it('keeps marks that do not close', () => {
    expect(notePieces('a ~~b')).toEqual([{ kind: 'text', text: 'a ~~b' }])
  })
})

describe('treeRows', () => {
  const nodes = [
    node('exp4_3~6', null),
    node('exp4_5', 'exp4_3~6'),
    node('exp4_5_1', 'exp4_5', ['best']),
    node('exp5', null),
  ]
  it('indents by parents', () => {
    expect(treeRows(nodes).map(({ depth }) => depth)).toEqual([0, 1, 2, 0])
  })

  it('keeps what a found experiment lies in, and finds tags', () => {
    expect(treeRows(nodes, 'BEST').map((row) => row.node.id)).toEqual(['exp4_3~6', 'exp4_5', 'exp4_5_1'])
    expect(treeRows(nodes, 'nothing')).toEqual([])
  })

  it('does not hang on parents that go in a circle', () => {
    expect(treeRows([node('a', 'b'), node('b', 'a')])).toHaveLength(2)
  })
})

describe('isFolderOf', () => {
  it('joins folders to experiments by whole names and identifiers only', () => {
    const names = ['exp4_5_1_lr1e-4_locditproj + exp7']
    expect(isFolderOf('exp4_5_1', names)).toBe(true)
    expect(isFolderOf('exp4_5_1_gen', names)).toBe(true)
    expect(isFolderOf('exp4_5', names)).toBe(false)
    expect(isFolderOf('exp4_5_12', names)).toBe(false)
  })
})

describe('labels, configs and scores', () => {
  it('shows every fact of a label once', () => {
    const chips = labelChips({
      run: 'exp5_1',
      steps: [65000],
      machines: ['65'],
      losses: { loss: 0.85 },
      remarks: ['ok'],
    })
    expect(chips.map(({ text }) => text)).toEqual(['exp5_1', '65000', '65', 'loss 0.85', 'ok'])
  })

  it('lists each config of the commands once', () => {
    const command = (config: string) => ({
      env: {},
      argv: ['python', 'train_csgo.py', `--csgo_config=${config}`],
    })
    expect(configsOf([command('a.yaml'), command('b.yaml'), command('a.yaml')])).toEqual(['a.yaml', 'b.yaml'])
  })

  it('reads typed scores as they are written', () => {
    expect(scoresFromText('FID 14.71, total_loss: 0.313；SSIM=0.40')).toEqual({
      FID: '14.71',
      total_loss: '0.313',
      SSIM: '0.40',
    })
    expect(scoresFromText('  ')).toEqual({})
  })
})

describe('shownRows', () => {
  const column = (reason: string | null) => ({
    experimentId: 'e',
    experiment: 'e',
    run: null,
    config: 'c',
    reason,
    base: null,
  })
  const matrix: ConfigMatrix = {
    columns: [column(null), column(null), column('missing')],
    rows: [
      { key: 'same', source: 'config', cells: ['1', '1', null] },
      { key: 'other', source: 'config', cells: ['1', '2', null] },
      { key: '--seed', source: 'command', cells: ['1', '1', null] },
    ],
    changes: [[], [1], []],
  }
  const keys = (show: Parameters<typeof shownRows>[1]) => shownRows(matrix, show).map(({ row }) => row.key)

  it('counts neither a config that could not be read nor a missing command as a difference', () => {
    expect(keys({ text: '', onlyDifferent: true, withCommand: true })).toEqual(['other'])
  })

  it('finds settings by name and by exact value, and leaves out the command line when asked', () => {
    expect(keys({ text: '2', onlyDifferent: false, withCommand: true })).toEqual(['other'])
    expect(keys({ text: '', onlyDifferent: false, withCommand: false })).toEqual(['same', 'other'])
  })
})
