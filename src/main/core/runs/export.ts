/** Runs as text for other programs and for papers: CSV, TSV, JSON, Markdown and LaTeX. */
import type { exportFormats, FrameTable, RunReport } from '../../../shared/contract/runs.ts'
import { metricInfo } from '../../../shared/domain/metricCatalog.ts'
import { fromScoreValue, type Score, type ScoreValue } from '../../../shared/domain/score.ts'

export type ExportFormat = (typeof exportFormats)[number]

/** A field of a CSV file (RFC 4180). A leading `=`, `+`, `-` or `@` of text is kept from being a formula. */
export function csvField(value: string | number): string {
  const text =
    typeof value === 'string' && /^[=+\-@\t]/.test(value) && !/^-?Infinity$/.test(value)
      ? `'${value}`
      : String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const csvLine = (fields: readonly (string | number)[]) => fields.map(csvField).join(',') + '\r\n'

/** The runs in one format. CSV has a row per run and metric; the tables have a row per run and a column per metric. */
export function exportRuns(reports: readonly RunReport[], format: ExportFormat): string {
  switch (format) {
    case 'json':
      return JSON.stringify(reports, undefined, 2) + '\n'
    case 'csv':
      return (
        csvLine(['run', 'label', 'map', 'protocol', 'pairs', 'metric', 'status', 'value', 'n', 'note']) +
        reports.map(csvRows).join('')
      )
    case 'tsv':
      return tsvTable(reports)
    case 'markdown':
      return markdownTable(reports)
    case 'latex':
      return latexTable(reports)
  }
}

function csvRows(report: RunReport): string {
  return Object.entries(report.metrics)
    .map(([metric, score]) => {
      const isOk = score.status === 'ok'
      return csvLine([
        report.id,
        report.label,
        report.map,
        report.protocol,
        report.pairs,
        metric,
        score.status,
        isOk ? score.value : '',
        isOk ? (score.n ?? '') : '',
        isOk ? (score.note ?? '') : score.reason,
      ])
    })
    .join('')
}

/** One row per frame; a frame without a value of a metric has an empty field, and its status says why. */
export function exportFrames(table: FrameTable): string {
  const metrics = Object.keys(table.metrics)
  const rows = table.name.map((name, row) =>
    csvLine([
      table.frameIndex[row],
      name,
      table.status[row],
      ...metrics.map((metric) => table.metrics[metric][row] ?? ''),
    ]),
  )
  return csvLine(['frame_index', 'name', 'status', ...metrics]) + rows.join('')
}

/** Metrics of which at least one run has a value, in catalogue order as stored. */
function columnsOf(reports: readonly RunReport[]): string[] {
  const all = [...new Set(reports.flatMap(({ metrics }) => Object.keys(metrics)))]
  return all.filter((metric) => reports.some(({ metrics }) => metrics[metric]?.status === 'ok'))
}

/** The row that is best in a metric, among runs of one map; ties give the first. */
function bestOf(metric: string, reports: readonly RunReport[], map: string): number | undefined {
  const sign = metricInfo(metric).direction === 'higher' ? 1 : -1
  const rows = reports
    .map((report, row) => ({ row, map: report.map, score: report.metrics[metric] }))
    .filter(
      (entry): entry is typeof entry & { score: Extract<Score, { status: 'ok' }> } =>
        entry.map === map && entry.score?.status === 'ok',
    )
    .map(({ row, score }) => ({ row, value: sign * fromScoreValue(score.value) }))
  if (rows.length < 2) return undefined
  return rows.reduce((best, entry) => (entry.value > best.value ? entry : best)).row
}

const arrow = (metric: string) => (metricInfo(metric).direction === 'higher' ? '↑' : '↓')

/** A value with the digits of its metric; infinity as a sign. */
export function formatValue(metric: string, value: ScoreValue): string {
  if (typeof value === 'string') return value === 'Infinity' ? '∞' : '−∞'
  return value.toFixed(metricInfo(metric).decimals)
}

function cellOf(metric: string, score: Score | undefined): string {
  if (score === undefined) return ''
  return score.status === 'ok' ? formatValue(metric, score.value) : score.status === 'skipped' ? '·' : '–'
}

/** For pasting into a spreadsheet: whole values, an empty cell where there is none. */
function tsvTable(reports: readonly RunReport[]): string {
  const metrics = columnsOf(reports)
  const line = (fields: readonly (string | number)[]) =>
    fields
      .map((field) => csvField(typeof field === 'string' ? field.replace(/[\t\r\n"]/g, ' ') : field))
      .join('\t') + '\n'
  const rows = reports.map((report) =>
    line([
      report.label,
      report.map,
      report.pairs,
      ...metrics.map((metric) => {
        const score = report.metrics[metric]
        return score?.status === 'ok' ? score.value : ''
      }),
      report.protocol,
    ]),
  )
  return (
    line(['run', 'map', 'n', ...metrics.map((metric) => metricInfo(metric).title), 'protocol']) +
    rows.join('')
  )
}

function markdownTable(reports: readonly RunReport[]): string {
  const metrics = columnsOf(reports)
  const escape = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  const header = [
    'run',
    'map',
    'n',
    ...metrics.map((metric) => `${metricInfo(metric).title} ${arrow(metric)}`),
  ]
  const rows = reports.map((report, row) => [
    escape(report.label),
    escape(report.map),
    String(report.pairs),
    ...metrics.map((metric) => {
      const cell = cellOf(metric, report.metrics[metric])
      return bestOf(metric, reports, report.map) === row ? `**${cell}**` : cell
    }),
  ])
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const rule = header.map((_, column) => (column < 2 ? '---' : '---:'))
  return (
    line(header) +
    line(rule) +
    rows.map(line).join('') +
    '\n' +
    recipeNotes(reports)
      .map((note) => `${note}\n`)
      .join('')
  )
}

function latexTable(reports: readonly RunReport[]): string {
  const metrics = columnsOf(reports)
  const escape = (text: string) =>
    text
      .replaceAll('\\', '\\textbackslash{}')
      .replace(/[&%$#_{}]/g, '\\$&')
      .replaceAll('~', '\\textasciitilde{}')
      .replaceAll('^', '\\textasciicircum{}')
  const sign = (metric: string) =>
    metricInfo(metric).direction === 'higher' ? '$\\uparrow$' : '$\\downarrow$'
  const rows = reports.map((report, row) =>
    [
      escape(report.label),
      escape(report.map),
      String(report.pairs),
      ...metrics.map((metric) => {
        const cell = cellOf(metric, report.metrics[metric])
          .replace('∞', '$\\infty$')
          .replace('·', '--')
          .replace('–', '--')
        return bestOf(metric, reports, report.map) === row ? `\\textbf{${cell}}` : cell
      }),
    ].join(' & '),
  )
  return [
    ...recipeNotes(reports).map((note) => `% ${note}`),
    `\\begin{tabular}{ll${'r'.repeat(metrics.length + 1)}}`,
    '\\toprule',
    [
      'run',
      'map',
      '$n$',
      ...metrics.map((metric) => `${escape(metricInfo(metric).title)} ${sign(metric)}`),
    ].join(' & ') + ' \\\\',
    '\\midrule',
    ...rows.map((row) => `${row} \\\\`),
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n')
}

const recipeNotes = (reports: readonly RunReport[]) => [
  ...new Set(reports.map(({ recipeLine }) => recipeLine.replace(/n \d+ · /, ''))),
]
