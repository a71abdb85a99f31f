/** Plain-text tables and the reference script's final block. */
import type { RunSummary } from '../../../shared/contract/runs.ts'
import { metricInfo } from '../../../shared/domain/metricCatalog.ts'
import type { Score } from '../../../shared/domain/score.ts'
import { formatValue } from '../../core/runs/export.ts'

/** Lines up cells; the first column to the left, the others to the right unless `leftColumns` says more. */
export function textTable(rows: readonly (readonly string[])[], leftColumns = 1): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat(Math.max(0, widths[column] - displayWidth(cell)))
        return column < leftColumns ? cell + padding : padding + cell
      })
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('──')
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n')
}

/** Columns a text takes on a terminal: East Asian wide characters take two. */
function displayWidth(text: string): number {
  return [...text].reduce(
    (sum, character) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1),
    0,
  )
}

/** A score with the digits of its metric, or why there is none. */
export function scoreCell(metric: string, score: Score | undefined): string {
  if (score === undefined) return ''
  return score.status === 'ok' ? formatValue(metric, score.value) : score.status
}

const arrow = (metric: string) => (metricInfo(metric).direction === 'higher' ? '↑' : '↓')

/** Metrics as rows, runs as columns. Metrics that every run skipped have no row: `remarks` says why. */
export function scoreTable(runs: readonly RunSummary[], headings: readonly string[]): string {
  const metrics = metricsOf(runs)
  const shown = metrics.filter((metric) => runs.some((run) => run.metrics[metric]?.status !== 'skipped'))
  const rows = shown.map((metric) => [
    `${metricInfo(metric).title} ${arrow(metric)}${metricInfo(metric).unit === '' ? '' : ` ${metricInfo(metric).unit}`}`,
    ...runs.map((run) => scoreCell(metric, run.metrics[metric])),
    sampleCount(runs, metric),
  ])
  if (rows.length === 0) return 'Nothing could be measured.'
  return textTable([['metric', ...headings, 'n'], ...rows])
}

const metricsOf = (runs: readonly RunSummary[]) => [
  ...new Set(runs.flatMap((run) => Object.keys(run.metrics))),
]

function sampleCount(runs: readonly RunSummary[], metric: string): string {
  const counts = runs
    .map((run) => run.metrics[metric])
    .map((score) => (score?.status === 'ok' ? score.n : undefined))
  return [...new Set(counts.filter((n) => n !== undefined))].join(' / ')
}

/** Every reason for what is missing, and every note, once, with the metrics it is about; empty when there is none. */
export function remarks(runs: readonly RunSummary[]): string {
  const metrics = metricsOf(runs)
  const about = new Map<string, Set<string>>()
  const add = (text: string, metric: string) => about.set(text, (about.get(text) ?? new Set()).add(metric))
  for (const run of runs) {
    for (const metric of metrics) {
      const score = run.metrics[metric]
      if (score?.status === 'skipped') add(`skipped: ${score.reason}`, metric)
      if (score?.status === 'failed') add(`failed: ${score.reason}`, metric)
      if (score?.status === 'ok' && score.note !== undefined) add(score.note, metric)
    }
  }
  return [...about].map(([text, names]) => `${[...names].join(', ')} ${text}`).join('\n')
}

/** The final block of `benchmark_csgo.py`, character for character: its metrics in its order, four decimals. */
export function classicBlock(metrics: Record<string, Score>): string {
  const rule = '='.repeat(30)
  const order = ['FID', 'LPIPS', 'PSNR', 'SSIM', 'CLIP', 'Aesthetic']
  const lines = order.flatMap((metric) => {
    const score = metrics[metric]
    if (score?.status !== 'ok') return []
    return [
      `${metric}: ${typeof score.value === 'number' ? score.value.toFixed(4) : score.value === 'Infinity' ? 'inf' : '-inf'}`,
    ]
  })
  return ['', rule, '📊 Final Results', rule, ...lines, rule].join('\n')
}
