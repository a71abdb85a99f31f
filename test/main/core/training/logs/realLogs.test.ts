import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectLog } from '../../../../../src/main/core/training/logs/inspect.ts'

type Truth = {
  path: string
  bytes: number
  lines: number
  n_metric_lines: number
  n_step_lines: number
  n_loss_lines: number
  n_indices_lines: number
  keys: Record<string, string[]>
  first_last: Record<string, Record<string, [number, number]>>
  first_total_loss: number | null
  last_total_loss: number | null
  span_seconds: number | null
  settings: Record<string, string | number>
  anomalies: string[]
}

const reference = process.env['PARALLAX_REFERENCE_DATA']
const folder = join(reference ?? '', 'data/train-logs')

// Real logs are not ours to ship; PARALLAX_REFERENCE_DATA names the folder that has them.
describe.skipIf(reference === undefined)('inspectLog on real logs', () => {
  const { files } =
    reference === undefined
      ? { files: [] }
      : (JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as { files: Truth[] })

  it.each(files.map((file) => [file.path, file] as const))(
    'agrees with the truth about %s',
    async (path, truth) => {
      const found = await inspectLog(join(folder, path))
      expect(found).toMatchObject({
        metricLines: truth.n_metric_lines,
        stepLines: truth.n_step_lines,
        lossLines: truth.n_loss_lines,
        indicesLines: truth.n_indices_lines,
        firstLast: truth.first_last,
        spanSeconds: truth.span_seconds,
        bytes: truth.bytes,
        lines: truth.lines,
      })
      expect(new Set(found.keys)).toEqual(
        new Set(['step', 'other_info', 'timing', 'loss'].flatMap((place) => truth.keys[place]!)),
      )
      expect(found.first['total_loss'] ?? null).toBe(truth.first_total_loss)
      expect(found.last['total_loss'] ?? null).toBe(truth.last_total_loss)
      expect(found.anomalies.map(({ message }) => message)).toEqual(expect.arrayContaining(truth.anomalies))
      for (const [name, value] of Object.entries(truth.settings)) {
        const { facts } = found
        expect(
          name === 'total_entries'
            ? facts.totalEntries
            : name === 'csgo_config'
              ? facts.dataArgs?.['csgo_config']
              : facts.trainingArgs?.[name],
        ).toBe(value)
      }
    },
  )
})
