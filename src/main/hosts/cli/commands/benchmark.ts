import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { devices, type BenchmarkRequest } from '../../../../shared/contract/benchmark.ts'
import type { RunReport } from '../../../../shared/contract/runs.ts'
import {
  metricCatalog,
  metricGroups,
  metricsOfGroups,
  type MetricGroup,
} from '../../../../shared/domain/metricCatalog.ts'
import { protocols } from '../../../../shared/domain/protocol.ts'
import { fromScoreValue, toScoreValue, type Score } from '../../../../shared/domain/score.ts'
import { AppError, toAppError } from '../../../../shared/errors.ts'
import { asWrongArgument, type Command, type CommandContext } from '../command.ts'
import type { Flag, ParsedFlags } from '../flags.ts'
import { classicBlock, remarks, scoreTable } from '../table.ts'

const statusMissingMetrics = 4

const groupFlags: readonly Flag[] = metricGroups.map((group) => ({
  name: group,
  help: metricCatalog
    .filter((metric) => metric.group === group)
    .map(({ title }) => title)
    .join(', '),
}))

export const benchmark: Command = {
  name: 'benchmark',
  summary: 'Scores predicted frames against ground truth. The flags of benchmark_csgo.py work as they are.',
  flags: [
    {
      name: 'gt',
      aliases: ['gt_dir'],
      value: 'DIR',
      help: 'ground truth: a folder, or .npz statistics; {map} stands for every map',
    },
    {
      name: 'pred',
      aliases: ['pred_dir'],
      value: 'DIR',
      help: 'predictions: a folder, or .npz statistics; {map} stands for every map',
    },
    { name: 'run', value: 'DIR', help: 'an evaluation run of the workspace in place of --gt and --pred' },
    { name: 'maps', aliases: ['map_name'], value: 'MAP', isList: true, help: 'only these maps' },
    { name: 'data_dir', value: 'DIR', help: 'where the ground truth of --run lies (data/preprocessed_data)' },
    { name: 'all', help: 'every metric (also when none is named)' },
    ...groupFlags,
    {
      name: 'protocol',
      value: 'NAME',
      help: `${protocols.map(({ name }) => name).join(', ')} (benchmark_csgo)`,
    },
    { name: 'batch_size', value: 'N', help: 'batch of the PSNR mean, as in the scripts' },
    { name: 'device', value: 'NAME', help: `${devices.join(', ')} (auto)` },
    { name: 'ssim_border', value: 'NAME', help: 'full (torchmetrics 1.4.2 and later) or crop (before)' },
    { name: 'lpips_net', value: 'NAME', help: 'alex, vgg, squeeze (alex)' },
    { name: 'lpips_epsilon', value: 'NAME', help: 'torchmetrics or original (torchmetrics)' },
    { name: 'fid_dims', value: 'N', help: '2048, 768, 192, 64 (2048)' },
    { name: 'fid_variant', value: 'NAME', help: 'torchmetrics, pytorch-fid, clean-fid (torchmetrics)' },
    { name: 'kid_seed', value: 'N', help: 'seed of the KID subsets (2020, as torch-fidelity)' },
    { name: 'strict', help: 'exit 4 when any requested metric is skipped or failed' },
    { name: 'fresh', help: 'measure anew instead of going on from what is saved' },
    { name: 'per_frame', value: 'FILE', help: 'write the score of every frame as CSV' },
    {
      name: 'save_stats',
      value: 'DIR',
      help: 'write feature statistics as .npz (mu, sigma), as pytorch-fid does',
    },
    { name: 'classic', help: 'end with the final block of benchmark_csgo.py' },
    { name: 'preflight', help: 'only show what would be measured' },
  ],
  examples: [
    'benchmark --gt data/preprocessed_data/de_nuke/imgs --pred outputs_eval/exp2_1/test_20260103_220021/gen_imgs/de_nuke --all --batch_size 8',
    'benchmark --run outputs_eval/exp2_1/test_20260103_220021 --psnr_ssim --lpips',
  ],
  async run(context) {
    const { flags, session } = context
    if (flags.positionals.length > 0)
      throw new AppError('usage', `Unexpected: ${flags.positionals.join(' ')}.`, {
        hint: 'Folders are given with --gt and --pred.',
      })
    const request = requestOf(flags, session.workspace)
    await showPreflight(request, context).catch(asWrongArgument)
    if (flags.has('preflight')) return 0
    const job = await session.call('benchmark.start', request)
    const finished = await session.follow(job.id)
    const { runIds } = finished.result as { runIds: string[] }
    const reports: RunReport[] = []
    for (const runId of runIds) reports.push(await session.call('runs.get', { runId }))
    await writePerFrame(flags, reports, context)
    printReports(reports, context)
    return exitStatus(flags, reports)
  },
}

function requestOf(flags: ParsedFlags, workspace: string): BenchmarkRequest {
  const named = metricGroups.filter((group) => flags.has(group))
  const groups: readonly MetricGroup[] = flags.has('all') || named.length === 0 ? metricGroups : named
  const maps = flags.texts('maps').filter((map) => map !== 'auto')
  // The contract parses and refuses; here only names are carried over.
  return {
    workspace,
    groups: [...groups],
    ...optional('reference', flags.text('gt')),
    ...optional('prediction', flags.text('pred')),
    ...optional('run', flags.text('run')),
    ...optional('maps', maps.length > 0 ? maps : undefined),
    ...optional('dataDir', flags.text('data_dir')),
    ...optional('protocol', flags.text('protocol')),
    ...optional('batchSize', flags.number('batch_size')),
    ...optional('device', flags.text('device')),
    ...optional('ssimBorder', flags.text('ssim_border')),
    ...optional('lpipsNet', flags.text('lpips_net')),
    ...optional('lpipsEpsilon', flags.text('lpips_epsilon')),
    ...optional('fidDims', flags.number('fid_dims')),
    ...optional('fidVariant', flags.text('fid_variant')),
    ...optional('kidSeed', flags.number('kid_seed')),
    ...optional('saveStats', flags.text('save_stats')),
    fresh: flags.has('fresh'),
  } as BenchmarkRequest
}

const optional = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value })

async function showPreflight(request: BenchmarkRequest, { session, out }: CommandContext): Promise<void> {
  const preflight = await session.call('benchmark.preflight', request)
  for (const target of preflight.targets) {
    const { coverage } = target
    out.json({ type: 'preflight', ...target })
    out.note(
      `${target.map}: ${target.pairs} frames (${coverage.GT_Count} ground truth, ${coverage.Pred_Count} predictions)`,
    )
    const counts: [string, { count: number; names: string[] }][] = [
      ['predictions without ground truth', target.unmatchedPredictions],
      ['frames with another extension', target.otherExtensions],
      ['stems that occur twice', target.duplicateStems],
      ['other files', target.ignoredFiles],
    ]
    for (const [what, { count, names }] of counts) {
      if (count > 0) out.note(`  ${count} ${what}: ${names.slice(0, 3).join(', ')}${count > 3 ? ', …' : ''}`)
    }
    for (const line of [...target.resizes, ...target.warnings]) out.note(`  ${line}`)
    if (target.earlier)
      out.note(
        `  run ${target.earlier.runId.slice(0, 8)} (${target.earlier.status}) has ${target.earlier.finishedFrames} frames already`,
      )
  }
}

async function writePerFrame(
  flags: ParsedFlags,
  reports: readonly RunReport[],
  { session, out }: CommandContext,
): Promise<void> {
  const file = flags.text('per_frame')
  if (file === undefined) return
  for (const [index, report] of reports.entries()) {
    const { text } = await session.call('runs.export', { runIds: [report.id], format: 'csv', perFrame: true })
    const path = resolve(
      reports.length === 1 ? file : file.replace(/(\.[^./\\]*)?$/, `_${report.map || index}$1`),
    )
    await writeFile(path, text).catch((error: unknown) => {
      throw toAppError(error, path)
    })
    out.note(`Scores of every frame: ${path}`)
  }
}

function printReports(reports: readonly RunReport[], { out, flags }: CommandContext): void {
  for (const report of reports) {
    out.print(`\n${report.label}  ${report.map}\n`)
    out.print(scoreTable([report], ['value']))
    printRemarks([report], out)
    if (report.failures.length > 0) {
      out.print(`${report.failures.length} frames failed and were left out:`)
      for (const { name, reason } of report.failures.slice(0, 10)) out.print(`  ${name}: ${reason}`)
    }
    out.print(`\n${report.recipeLine}\nrun ${report.id}`)
    if (flags.has('classic')) out.print(classicBlock(report.metrics))
  }
  if (reports.length > 1) {
    out.print('\nMean over maps\n')
    out.print(scoreTable([...reports, meanOf(reports)], [...reports.map(({ map }) => map), 'mean']))
  }
  for (const report of reports.slice(0, reports.length > 1 ? undefined : 0))
    out.json({ type: 'run', ...resultLine(report) })
  const last =
    reports.length === 1
      ? resultLine(reports[0])
      : {
          runIds: reports.map(({ id }) => id),
          maps: Object.fromEntries(reports.map((report) => [report.map, resultLine(report)])),
          metrics: meanOf(reports).metrics,
        }
  out.json({ type: 'result', ...last })
}

function printRemarks(reports: readonly RunReport[], out: CommandContext['out']): void {
  const text = remarks(reports)
  if (text !== '') out.print(`\n${text}`)
}

function resultLine(report: RunReport) {
  const { Coverage_GT, Coverage_Pred, Common_Count } = report.coverage
  const count = (value: number): Score => ({ status: 'ok', value })
  return {
    runId: report.id,
    map: report.map,
    protocol: report.protocol,
    provider: [...new Set(Object.values(report.providers))].join(', ') || 'cpu',
    providers: report.providers,
    pairs: report.pairs,
    failedFrames: report.failures,
    coverage: report.coverage,
    metrics: {
      ...report.metrics,
      Coverage_GT: count(Coverage_GT),
      Coverage_Pred: count(Coverage_Pred),
      Common_Count: count(Common_Count),
    },
    recipe: report.recipeLine,
  }
}

/** The unweighted mean over maps, metric by metric, where every map has a value. */
function meanOf(reports: readonly RunReport[]): RunReport {
  const metrics: Record<string, Score> = {}
  for (const metric of Object.keys(reports[0].metrics)) {
    const scores = reports.map((report) => report.metrics[metric])
    const values = scores.flatMap((score) => (score?.status === 'ok' ? [fromScoreValue(score.value)] : []))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    metrics[metric] =
      values.length === reports.length
        ? { status: 'ok', value: toScoreValue(mean) }
        : (scores.find((score) => score?.status !== 'ok') ?? {
            status: 'skipped',
            reason: 'not measured on every map',
          })
  }
  return { ...reports[0], map: 'mean', metrics }
}

function exitStatus(flags: ParsedFlags, reports: readonly RunReport[]): number {
  const named = metricGroups.filter((group) => flags.has(group))
  // With --all, weights that are not installed are no failure; what was asked for by name has to be there.
  const demanded = flags.has('strict') ? undefined : new Set(metricsOfGroups(named))
  const isMissing = (metric: string, score: Score) =>
    score.status !== 'ok' && (demanded === undefined || demanded.has(metric))
  return reports.some(({ metrics }) =>
    Object.entries(metrics).some(([metric, score]) => isMissing(metric, score)),
  )
    ? statusMissingMetrics
    : 0
}
