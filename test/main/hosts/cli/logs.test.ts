import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../../../support/cli.ts'
import { temporaryFolder } from '../../../support/frames.ts'
import { referenceData, referencePath } from '../../../support/studio.ts'

const record = (second: number, message: string) =>
  `2026-03-11 23:00:${String(second).padStart(2, '0')} - INFO - ${message} - (4711:train.py:12)\n`

describe('parallax logs inspect', () => {
  it('gives metric lines, keys, first and last values, span and anomalies as one JSON line', async () => {
    const folder = temporaryFolder('log')
    const file = join(folder, 'train.log')
    writeFileSync(
      file,
      record(1, 'data set loaded') +
        record(4, "[ Step 1 ] Loss: 2.5 | LR: 1e-05 | Epoch: 0.01 | Other Info: {'total_loss': 1.25}") +
        record(9, "[ Step 2 ] Loss: 1.5 | LR: 2e-05 | Epoch: 0.02 | Other Info: {'total_loss': nan}"),
    )
    const { status, json } = await runCli(['logs', 'inspect', file, '--json'], {
      home: temporaryFolder('home'),
    })
    expect(status).toBe(0)
    expect(json).toHaveLength(1)
    expect(json[0]).toMatchObject({
      type: 'result',
      metricLines: 2,
      keys: ['Loss', 'LR', 'Epoch', 'total_loss'],
      first: { Loss: 2.5, total_loss: 1.25 },
      last: { Loss: 1.5, total_loss: 'NaN' },
      spanSeconds: 8,
    })
    expect((json[0] as { anomalies: { code: string }[] }).anomalies).toContainEqual(
      expect.objectContaining({ code: 'non-finite', severity: 'error' }),
    )
  })

  it('says which file is missing', async () => {
    const { status, stderr } = await runCli(['logs', 'inspect', 'nowhere.log'], {
      home: temporaryFolder('home'),
    })
    expect(status).toBe(1)
    expect(stderr).toContain('nowhere.log')
  })

  it.skipIf(referenceData === undefined)(
    'agrees with the counts of a real log (needs PARALLAX_REFERENCE_DATA)',
    async () => {
      const name = 'exp4_13/train_20260318_233950'
      const truth = JSON.parse(readFileSync(referencePath('data', 'train-logs', 'truth.json'), 'utf8')) as {
        files: { path: string; n_metric_lines: number; span_seconds: number }[]
      }
      const file = referencePath('data', 'train-logs', name, 'train.log')
      const { json } = await runCli(['logs', 'inspect', file, '--json'], { home: temporaryFolder('home') })
      const expected = truth.files.find(({ path }) => path.startsWith(name))!
      expect(json[0]).toMatchObject({
        metricLines: expected.n_metric_lines,
        spanSeconds: expected.span_seconds,
      })
    },
  )
})
