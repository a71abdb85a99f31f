import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { exportFormats } from '../../../../shared/contract/runs.ts'
import { metricInfo } from '../../../../shared/domain/metricCatalog.ts'
import { AppError, toAppError } from '../../../../shared/errors.ts'
import type { Command } from '../command.ts'
import { remarks, scoreCell, scoreTable, textTable } from '../table.ts'

const time = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

const list: Command = {
  name: 'runs list',
  summary: 'Lists the benchmark runs, newest first.',
  flags: [
    { name: 'map', value: 'MAP', help: 'only this map' },
    { name: 'here', help: 'only runs of this workspace' },
    { name: 'limit', value: 'N', help: 'at most so many (50)' },
  ],
  async run({ flags, session, out }) {
    const runs = await session.call('runs.list', {
      limit: flags.number('limit') ?? 50,
      ...(flags.text('map') === undefined ? {} : { map: flags.text('map') }),
      ...(flags.has('here') ? { workspace: session.workspace } : {}),
    })
    for (const run of runs) out.json({ type: 'run', ...run })
    out.json({ type: 'result', count: runs.length })
    if (runs.length === 0)
      out.print(
        'No runs yet. parallax benchmark --gt DIR --pred DIR makes one; parallax demo shows it on made frames.',
      )
    else {
      const metrics = ['FID', 'LPIPS', 'PSNR', 'SSIM'].filter((metric) =>
        runs.some((run) => run.metrics[metric]?.status === 'ok'),
      )
      out.print(
        textTable(
          [
            ['run', 'what', 'map', 'made (UTC)', 'status', 'n', ...metrics],
            ...runs.map((run) => [
              run.id.slice(0, 8),
              run.label,
              run.map,
              time(run.createdAt),
              run.status,
              String(run.pairs),
              ...metrics.map((metric) => scoreCell(metric, run.metrics[metric])),
            ]),
          ],
          5,
        ),
      )
    }
    return 0
  },
}

const show: Command = {
  name: 'runs show',
  usage: 'RUN',
  summary: 'Shows one run: scores, recipe, what failed, the command that makes it again.',
  flags: [],
  async run({ flags, session, out }) {
    const report = await session.call('runs.get', { runId: only(flags.positionals, 1)[0] })
    out.json({ type: 'result', ...report })
    out.print(`${report.label}  ${report.map}  ${report.status}\n`)
    out.print(`${scoreTable([report], ['value'])}\n${remarks([report])}`)
    for (const { name, reason } of report.failures) out.print(`failed  ${name}: ${reason}`)
    out.print(
      `\n${report.recipeLine}\nground truth ${report.referenceDir}\npredictions  ${report.predictionDir}\nagain: ${report.command.map(quoted).join(' ')}`,
    )
    return 0
  },
}

const quoted = (word: string) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

const compare: Command = {
  name: 'runs compare',
  usage: 'A B',
  summary: 'Compares run B with run A on the frames both have, with 95 % intervals.',
  flags: [],
  async run({ flags, session, out }) {
    const [a, b] = only(flags.positionals, 2)
    const comparison = await session.call('runs.compare', { a, b })
    out.json({ type: 'result', ...comparison })
    out.print(
      `A  ${comparison.a.label}  ${comparison.a.map}\nB  ${comparison.b.label}  ${comparison.b.map}\n${comparison.commonFrames} frames in common\n`,
    )
    const both = [comparison.a, comparison.b]
    out.print(`${scoreTable(both, ['A', 'B'])}\n${remarks(both)}`)
    if (comparison.paired.length > 0) {
      const digits = (metric: string, value: number) => value.toFixed(metricInfo(metric).decimals)
      out.print(
        `\n${textTable([['metric', 'B − A', '95 % interval', 'B better on', 'verdict'], ...comparison.paired.map(({ metric, difference, interval, betterShare, verdict }) => [metricInfo(metric).title, digits(metric, difference), `${digits(metric, interval[0])} … ${digits(metric, interval[1])}`, `${Math.round(100 * betterShare)} %`, verdict])])}`,
      )
    }
    for (const caution of comparison.cautions) out.print(`Caution: ${caution}`)
    return 0
  },
}

const exportCommand: Command = {
  name: 'runs export',
  usage: 'RUN…',
  summary: 'Writes runs as CSV, JSON, Markdown or LaTeX.',
  flags: [
    { name: 'format', value: 'NAME', help: `${exportFormats.join(', ')} (csv)` },
    { name: 'per_frame', help: 'the scores of every frame of one run' },
    { name: 'output', value: 'FILE', help: 'write there instead of stdout' },
  ],
  async run({ flags, session, out }) {
    if (flags.positionals.length === 0)
      throw new AppError('usage', 'Name at least one run.', { hint: 'parallax runs list shows them.' })
    const format = flags.text('format') ?? 'csv'
    const { text } = await session.call('runs.export', {
      runIds: flags.positionals,
      format: format as 'csv',
      perFrame: flags.has('per_frame'),
    })
    const file = flags.text('output')
    if (file !== undefined) {
      await writeFile(resolve(file), text).catch((error: unknown) => {
        throw toAppError(error, file)
      })
      out.note(`Written: ${resolve(file)}`)
    } else if (!out.isJson) process.stdout.write(text)
    out.json({ type: 'result', ...(file === undefined ? { text } : { file: resolve(file) }) })
    return 0
  },
}

const remove: Command = {
  name: 'runs remove',
  usage: 'RUN',
  summary: 'Removes a run and its scores from the database.',
  flags: [],
  async run({ flags, session, out }) {
    const removed = await session.call('runs.remove', { runId: only(flags.positionals, 1)[0] })
    out.json({ type: 'result', ...removed })
    out.print('Removed.')
    return 0
  },
}

function only(positionals: readonly string[], count: number): string[] {
  if (positionals.length === count) return [...positionals]
  throw new AppError('usage', count === 1 ? 'Name one run.' : `Name ${count} runs.`, {
    hint: 'parallax runs list shows them.',
  })
}

export const runsCommands: readonly Command[] = [list, show, compare, exportCommand, remove]
