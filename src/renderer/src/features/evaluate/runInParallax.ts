/** Recorded benchmark and video commands as the forms of the pages that do the same in Parallax. */
import { metricGroups, type MetricGroup } from '../../../../shared/domain/metricCatalog.ts'
import { baseName, kindOfScript } from '../../../../shared/domain/launch/catalogue.ts'
import { canonicalFlag } from '../../../../shared/domain/launch/argumentSpec.ts'
import { findItem, valueOf, type LaunchForm } from '../../../../shared/domain/launch/launchForm.ts'
import { emptyForm, type BenchmarkForm } from '../benchmark/benchmarkForm.ts'
import { emptyVideoForm, type VideoForm } from '../videos/videoForm.ts'

/** A page's form, and the arguments that have no place in it. */
export type TakenOver<Form> = { form: Form; left: string[] }

/** What each script measures with `--all`, or always. */
const metricsOfScript: Record<string, readonly MetricGroup[]> = {
  'benchmark_csgo.py': ['fid', 'lpips', 'psnr_ssim', 'clip', 'aesthetic'],
  'benchmark_csgo_v1.py': ['psnr_ssim', 'boundary', 'lpips', 'pixel', 'fid', 'is', 'clip', 'aesthetic'],
  'benchmark_csgo_v1_conti.py': [
    'psnr_ssim',
    'boundary',
    'lpips',
    'pixel',
    'fid',
    'is',
    'clip',
    'aesthetic',
    'temporal',
    'fvd',
  ],
}

/** The values at which a flag says nothing that the protocol does not say. */
const fixedByProtocol: Record<string, string> = {
  '--paired_size': '448',
  '--edge_quantile': '0.85',
  '--edge_tolerance': '2',
  '--pose_json': 'auto',
  '--map_name': 'auto',
}

/** A benchmark command as the form of the page Benchmark, with the protocol that gives the script's numbers. */
export function benchmarkOfCommand(form: LaunchForm): TakenOver<BenchmarkForm> | undefined {
  if (kindOfScript(form.script ?? '') !== 'benchmark') return undefined
  const script = baseName(form.script ?? '')
  const isV1 = script.startsWith('benchmark_csgo_v1')
  const all = metricsOfScript[script] ?? metricsOfScript['benchmark_csgo.py']
  const named = metricGroups.filter((group) => findItem(form, `--${group}`))
  const device = valueOf(form, '--device')
  const batchSize =
    wholeNumber(valueOf(form, '--batch_size')) ?? (script.endsWith('_conti.py') ? 1 : undefined)
  return {
    form: {
      ...emptyForm,
      source: 'folders',
      reference: valueOf(form, '--gt') ?? valueOf(form, '--gt_dir') ?? '',
      prediction: valueOf(form, '--pred') ?? valueOf(form, '--pred_dir') ?? '',
      groups: isV1 || findItem(form, '--all') ? all : named,
      options: {
        ...emptyForm.options,
        protocol: isV1 ? 'benchmark_csgo_v1' : 'benchmark_csgo',
        ...(batchSize === undefined ? {} : { batchSize }),
        ...(device === 'cpu' || device === 'cuda' ? { device } : {}),
      },
    },
    left: leftOver(form, [
      '--gt',
      '--gt_dir',
      '--pred',
      '--pred_dir',
      '--batch_size',
      '--device',
      '--all',
      ...metricGroups.map((group) => `--${group}`),
    ]),
  }
}

/** A frames_to_video command as the form of the page Videos. */
export function videosOfCommand(form: LaunchForm): TakenOver<VideoForm> | undefined {
  if (kindOfScript(form.script ?? '') !== 'frames-to-video') return undefined
  const referenceDir = valueOf(form, '--gt_dir') ?? valueOf(form, '--gt') ?? ''
  const number = (flag: string, fallback: number | undefined) => {
    const value = Number(valueOf(form, flag) ?? Number.NaN)
    return Number.isFinite(value) ? value : fallback
  }
  return {
    form: {
      ...emptyVideoForm,
      predictionDir: valueOf(form, '--img_dir') ?? valueOf(form, '--pred') ?? '',
      referenceDir,
      layout: referenceDir === '' ? 'single' : 'pair',
      fps: valueOf(form, '--fps') ?? emptyVideoForm.fps,
      maxDurationSeconds: number('--max_duration', emptyVideoForm.maxDurationSeconds),
      minFrames: number('--min_frames', emptyVideoForm.minFrames),
      outputDir: valueOf(form, '--output_dir') ?? 'comparison_videos',
    },
    left: leftOver(form, [
      '--img_dir',
      '--gt_dir',
      '--gt',
      '--pred',
      '--output_dir',
      '--fps',
      '--max_duration',
      '--min_frames',
      '--draw_text',
    ]),
  }
}

const wholeNumber = (text: string | undefined) =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined

/** Arguments that were not taken over, as written, without those that only repeat what the protocol does. */
function leftOver({ items }: LaunchForm, taken: readonly string[]): string[] {
  return items
    .filter(({ flag, values }) => {
      const name = flag === null ? '' : canonicalFlag(flag)
      return !taken.includes(name) && fixedByProtocol[name] !== values.join(' ')
    })
    .map(({ flag, values }) => [flag ?? '', ...values].join(' ').trim())
}
