/** What a benchmark would do, found out before anything starts. */
import { join } from 'node:path'
import type { PreflightTarget } from '../../../shared/contract/benchmark.ts'
import type { Recipe } from '../../../shared/contract/runs.ts'
import { metricInfo } from '../../../shared/domain/metricCatalog.ts'
import { readImageFileHeader } from '../images/imageFile.ts'
import { framePlan, isOfKernels, networkUses, viewKey, type View } from './framePlan.ts'
import { listFolder, pairFolders, type Pairing } from './pairing.ts'
import { isStatistics, type Target } from './targets.ts'

const namesShown = 50
const framesLookedAt = 48

/** A target with its frames: pairs for folders, all frames of the one folder when the other side is statistics. */
export type PreparedTarget = Target & { names: string[]; pairing: Pairing; ignored: string[] }

/** Lists and pairs the folders of a target. */
export async function prepareTarget(target: Target): Promise<PreparedTarget> {
  const [reference, prediction] = await Promise.all(
    [target.reference, target.prediction].map((path) => (isStatistics(path) ? undefined : listFolder(path))),
  )
  const empty = { images: [], ignored: [] }
  const pairing = pairFolders(reference ?? empty, prediction ?? empty)
  const ignored = [...(reference ?? empty).ignored, ...(prediction ?? empty).ignored]
  if (reference && prediction) return { ...target, names: pairing.pairs, pairing, ignored }
  // Against statistics every frame of the one folder counts; nothing can be missing.
  const names = (reference ?? prediction ?? empty).images
  return {
    ...target,
    names,
    ignored,
    pairing: { ...pairing, missingPredictions: [], unmatchedPredictions: [] },
  }
}

/** Looks at a sample of the files and says what would be resized and what looks odd. */
export async function inspectTarget(
  prepared: PreparedTarget,
  recipe: Recipe,
): Promise<Omit<PreflightTarget, 'earlier'>> {
  const { pairing } = prepared
  const sample = spread(prepared.names, framesLookedAt)
  const sizesOf = (folder: string) =>
    isStatistics(folder) ? Promise.resolve([]) : countSizes(folder, sample)
  const [referenceSizes, predictionSizes] = await Promise.all([
    sizesOf(prepared.reference),
    sizesOf(prepared.prediction),
  ])
  return {
    map: prepared.map,
    referenceDir: prepared.reference,
    predictionDir: prepared.prediction,
    experiment: prepared.experiment,
    timestamp: prepared.timestamp,
    pairs: prepared.names.length,
    coverage: pairing.coverage,
    missingPredictions: shown(pairing.missingPredictions),
    unmatchedPredictions: shown(pairing.unmatchedPredictions),
    otherExtensions: shown(pairing.otherExtensions),
    duplicateStems: shown(pairing.duplicateStems),
    ignoredFiles: shown(prepared.ignored),
    referenceSizes,
    predictionSizes,
    resizes: resizeSentences(recipe, [...referenceSizes, ...predictionSizes]),
    warnings: warningsOf(prepared, recipe, referenceSizes, predictionSizes),
  }
}

const shown = (names: readonly string[]) => ({ count: names.length, names: names.slice(0, namesShown) })

/** Evenly spread items, first and last included. */
function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items]
  return Array.from(
    { length: most },
    (_, index) => items[Math.round((index * (items.length - 1)) / (most - 1))],
  )
}

type SizeCount = PreflightTarget['referenceSizes'][number]

async function countSizes(folder: string, names: readonly string[]): Promise<SizeCount[]> {
  const counts = new Map<string, SizeCount>()
  const headers = await Promise.all(names.map((name) => headerOf(join(folder, name))))
  for (const header of headers) {
    const { width, height, format } = header ?? { width: 0, height: 0, format: 'unreadable' }
    const key = `${width}x${height} ${format}`
    const known = counts.get(key) ?? { width, height, format, count: 0 }
    counts.set(key, { ...known, count: known.count + 1 })
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)
}

/** Size and format of a picture; `undefined` when it is not one. */
function headerOf(path: string) {
  return readImageFileHeader(path).catch(() => undefined)
}

/** One sentence per way of resizing, with the metrics that see it. */
function resizeSentences(recipe: Recipe, sizes: readonly SizeCount[]): string[] {
  const found = [
    ...new Set(sizes.filter(({ width }) => width > 0).map(({ width, height }) => `${width} × ${height}`)),
  ]
  if (found.length === 0) return []
  const views = new Map<string, { view: View; metrics: string[] }>()
  const add = (view: View, metrics: readonly string[]) => {
    const known = views.get(viewKey(view)) ?? { view, metrics: [] }
    views.set(viewKey(view), { view, metrics: [...new Set([...known.metrics, ...metrics])] })
  }
  const { paired, kernels } = framePlan(recipe)
  if (kernels.length > 0) add(paired, recipe.metrics.filter(isOfKernels))
  for (const use of networkUses(recipe)) add(use.view, use.metrics)
  return [...views.values()].map(({ view, metrics }) => sentence(found, view, metrics))
}

function sentence(found: readonly string[], view: View, metrics: readonly string[]): string {
  const how =
    view.kind === 'pillow'
      ? `${view.filter}, as Pillow does`
      : view.kind === 'clean-fid'
        ? 'bicubic in floats, as clean-fid does'
        : 'bilinear without antialiasing, as pytorch-fid does'
  const same = found.length === 1 && found[0] === `${view.size} × ${view.size}`
  const what = same ? `stays ${found[0]}` : `${found.join(', ')} → ${view.size} × ${view.size} (${how})`
  return `${what} for ${metrics.map((metric) => metricInfo(metric).title).join(', ')}`
}

function warningsOf(
  prepared: PreparedTarget,
  recipe: Recipe,
  reference: readonly SizeCount[],
  prediction: readonly SizeCount[],
): string[] {
  const warnings: string[] = []
  const count = prepared.names.length
  if (recipe.metrics.includes('FID') && count > 0 && count < recipe.fidDims) {
    warnings.push(
      `FID of ${count} ${count === 1 ? 'frame' : 'frames'} in ${recipe.fidDims} dimensions is strongly biased; compare it only with runs of as many frames.`,
    )
  }
  const unreadable = [...reference, ...prediction].filter(({ format }) => format === 'unreadable')
  if (unreadable.length > 0)
    warnings.push('Some of the files looked at are not readable pictures; they will be listed and left out.')
  const aspect = (sizes: readonly SizeCount[]) =>
    sizes[0] && sizes[0].height > 0 ? sizes[0].width / sizes[0].height : undefined
  const [a, b] = [aspect(reference), aspect(prediction)]
  if (a !== undefined && b !== undefined && Math.abs(a - b) > 0.01) {
    warnings.push(
      'Ground truth and predictions have different aspect ratios; both are resized to squares, as in the reference scripts.',
    )
  }
  if (prepared.pairing.otherExtensions.length > 0) {
    warnings.push(
      `${prepared.pairing.otherExtensions.length} predictions have the stem of a ground-truth frame but another extension; names must be equal to be paired.`,
    )
  }
  if (prepared.pairing.duplicateStems.length > 0) {
    warnings.push(
      `${prepared.pairing.duplicateStems.length} frames exist twice in one folder with different extensions.`,
    )
  }
  return warnings
}
