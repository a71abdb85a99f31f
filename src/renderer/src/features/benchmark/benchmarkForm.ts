/** What the Benchmark page asks for, as data: the choices, the requests made of them, and the same as commands. */
import { create } from 'zustand'
import type { BenchmarkRequest, PreflightTarget } from '../../../../shared/contract/benchmark.ts'
import type { Input } from '../../api/client.ts'
import { metricCatalog, metricGroups, type MetricGroup } from '../../../../shared/domain/metricCatalog.ts'
import { quoteShell } from '../../../../shared/domain/shellWords.ts'
import type { EvaluationRun } from '../workspace/runState.ts'

export type BenchmarkOptionsForm = Pick<
  BenchmarkRequest,
  | 'protocol'
  | 'batchSize'
  | 'device'
  | 'ssimBorder'
  | 'lpipsNet'
  | 'lpipsEpsilon'
  | 'fidDims'
  | 'fidVariant'
  | 'fresh'
>

export type BenchmarkForm = {
  source: 'runs' | 'folders'
  /** Chosen targets as `targetKey`s. */
  targets: ReadonlySet<string>
  reference: string
  prediction: string
  groups: readonly MetricGroup[]
  options: BenchmarkOptionsForm
}

/** Groups of which at least one metric can be computed in this version. */
export const computableGroups: readonly MetricGroup[] = metricGroups.filter((group) =>
  metricCatalog.some((metric) => metric.group === group && metric.unavailable === ''),
)

export const emptyForm: BenchmarkForm = {
  source: 'runs',
  targets: new Set(),
  reference: '',
  prediction: '',
  groups: computableGroups,
  options: {
    protocol: 'benchmark_csgo',
    device: 'auto',
    ssimBorder: 'full',
    lpipsNet: 'alex',
    lpipsEpsilon: 'torchmetrics',
    fidDims: 2048,
    fidVariant: 'torchmetrics',
    fresh: false,
  },
}

/** Kept while the window is open, so that looking at another page loses nothing. */
export const useBenchmarkForm = create<BenchmarkForm>(() => emptyForm)

/** Names one map of one evaluation run. */
export const targetKey = (runPath: string, map: string): string => JSON.stringify([runPath, map])

/** Keys of all maps with ground truth of these runs. */
export const targetsOf = (runs: readonly EvaluationRun[]): string[] =>
  runs.flatMap(({ path, maps }) =>
    maps.filter(({ referenceDir }) => referenceDir !== undefined).map(({ map }) => targetKey(path, map)),
  )

export type BenchmarkInput = Input<'benchmark.start'>

/** One request per evaluation run, or one for the two folders; none while something is missing. */
export function requestsOf(
  form: BenchmarkForm,
  workspace: string,
  runs: readonly EvaluationRun[],
): BenchmarkInput[] {
  if (form.groups.length === 0) return []
  const shared = { workspace, groups: [...form.groups], ...form.options }
  if (form.source === 'folders') {
    const [reference, prediction] = [form.reference.trim(), form.prediction.trim()]
    return reference === '' || prediction === '' ? [] : [{ ...shared, reference, prediction }]
  }
  return runs
    .map(({ path, maps }) => ({
      path,
      maps: maps.map(({ map }) => map).filter((map) => form.targets.has(targetKey(path, map))),
    }))
    .filter(({ maps }) => maps.length > 0)
    .map(({ path, maps }) => ({ ...shared, run: path, maps }))
}

/** The command lines that measure the same targets, one per target. */
export function commandsOf(
  form: BenchmarkForm,
  targets: readonly Pick<PreflightTarget, 'referenceDir' | 'predictionDir'>[],
): string {
  const { options } = form
  const usual = emptyForm.options
  const flag = (name: string, value: string | number | undefined, usualValue?: string | number) =>
    value === undefined || value === usualValue ? [] : [name, String(value)]
  const isAll = computableGroups.every((group) => form.groups.includes(group))
  const shared = [
    ...(isAll ? ['--all'] : form.groups.map((group) => `--${group}`)),
    ...flag('--protocol', options.protocol, usual.protocol),
    ...flag('--batch_size', options.batchSize),
    ...flag('--device', options.device, usual.device),
    ...flag('--ssim_border', options.ssimBorder, usual.ssimBorder),
    ...flag('--lpips_net', options.lpipsNet, usual.lpipsNet),
    ...flag('--lpips_epsilon', options.lpipsEpsilon, usual.lpipsEpsilon),
    ...flag('--fid_dims', options.fidDims, usual.fidDims),
    ...flag('--fid_variant', options.fidVariant, usual.fidVariant),
    ...(options.fresh ? ['--fresh'] : []),
  ]
  return targets
    .map(({ referenceDir, predictionDir }) =>
      quoteShell(['parallax', 'benchmark', '--gt', referenceDir, '--pred', predictionDir, ...shared]),
    )
    .join('\n')
}
