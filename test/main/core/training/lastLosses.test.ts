import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../support/frames.ts'
import { openStudio } from '../../../support/studio.ts'

const log = (losses: readonly number[]) =>
  losses
    .map(
      (loss, step) =>
        `2026-02-10 01:45:0${step} - INFO - [ Step ${step + 1} ] Loss: ${loss.toFixed(6)} | LR: 1.0000e-04 | Epoch: 0.00 | Other Info: {'loc_loss': ${loss / 2}, 'alpha_loc': 2.0} - (3129325:train_csgo.py:1319)\n`,
    )
    .join('')

it('puts the losses a training ended with beside what was changed', async () => {
  const workspace = temporaryFolder('lossWorkspace')
  const write = (path: string, text: string) => {
    mkdirSync(join(workspace, path, '..'), { recursive: true })
    writeFileSync(join(workspace, path), text)
  }
  write('logs/csgo_1b/exp1/train_20260210_014500/train.log', log([3, 2.5]))
  write('logs/csgo_1b/exp2/train_20260210_014500/train.log', log([3, 1.5, 1.25]))
  write('logs/csgo_1b/exp2_debug/train_20260211_014500/train.log', log([9]))
  write(
    'record.md',
    ['exp1', 'exp2']
      .map((name) => `## ${name}\n\`python train_csgo.py --output_dir outputs/${name}\`\n`)
      .join('\n'),
  )
  const { studio, call } = openStudio()
  try {
    await call('workspaces.open', { root: workspace })
    await call('logs.index', { workspace })
    await call('experiments.import', { path: join(workspace, 'record.md') })
    const { scores } = await call('experiments.compare', { experiments: ['exp1', 'exp2'] })
    const shown = scores.map(({ name, cells }) => [
      name,
      ...cells.map((cell) => (cell?.status === 'ok' ? cell.value : cell)),
    ])
    expect(shown).toContainEqual(['train step', 2, 3])
    expect(shown).toContainEqual(['train Loss', 2.5, 1.25])
    expect(shown).toContainEqual(['train loc_loss', 1.25, 0.625])
    expect(shown.map(([name]) => name)).not.toContain('train alpha_loc')
  } finally {
    await studio.close()
  }
})
