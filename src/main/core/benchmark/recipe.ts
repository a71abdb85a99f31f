/** From a request to the recipe that is stored with every result, and the hash by which an unfinished run is found. */
import { createHash } from 'node:crypto'
import type { BenchmarkOptions } from '../../../shared/contract/benchmark.ts'
import type { Recipe } from '../../../shared/contract/runs.ts'
import { metricsOfGroups } from '../../../shared/domain/metricCatalog.ts'
import { findProtocol, type Protocol } from '../../../shared/domain/protocol.ts'
import { AppError } from '../../../shared/errors.ts'

/** Raised when a change of the code moves any score, so that older, unfinished runs are not continued. */
export const scoreVersion = 1

/** Settles every default of the options. */
export function toRecipe(options: BenchmarkOptions): Recipe {
  const protocol = findProtocol(options.protocol)
  if (!protocol) throw new AppError('usage', `There is no protocol "${options.protocol}".`)
  const { ssimBorder, lpipsNet, lpipsEpsilon, fidDims, fidVariant, kidSeed } = options
  return {
    protocol,
    batchSize: options.batchSize ?? protocol.defaultBatchSize,
    metrics: metricsOfGroups(options.groups),
    ...{ ssimBorder, lpipsNet, lpipsEpsilon, fidDims, fidVariant, kidSeed },
  }
}

/** Names recipe, folders and pairs. Two requests with one hash measure the same thing. */
export function recipeHash(
  recipe: Recipe,
  referenceDir: string,
  predictionDir: string,
  names: readonly string[],
): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([scoreVersion, recipe, referenceDir, predictionDir]))
  for (const name of names) hash.update(name).update('\0')
  return hash.digest('hex')
}

/**
 * One line that says how the numbers of a run were made.
 *
 * @param providers by network, as stored with the run; what was skipped for want of weights is left out.
 */
export function recipeLine(recipe: Recipe, pairs: number, providers: Record<string, string>): string {
  const { protocol } = recipe
  const has = (id: string) => recipe.metrics.includes(id)
  const parts = [
    `${protocol.name} v${protocol.version}`,
    `n ${pairs}`,
    `pairs ${describe(protocol.paired)}`,
    has('PSNR')
      ? `PSNR ${protocol.psnr === 'batched' ? `in batches of ${recipe.batchSize}` : 'per image'}`
      : '',
    has('SSIM') ? `SSIM ${recipe.ssimBorder === 'full' ? 'whole map' : 'map cropped by 5 px'}` : '',
    has('LPIPS') && 'lpips' in providers
      ? `LPIPS ${recipe.lpipsNet} v0.1, ${recipe.lpipsEpsilon} epsilon`
      : '',
    'inception' in providers
      ? `Inception ${recipe.fidDims}-d, ${recipe.fidVariant}${inceptionResize(recipe)}`
      : '',
    'clipB32' in providers || 'clipL14' in providers ? `CLIP ${describe(protocol.clip)}` : '',
    has('Boundary_F1') ? `edges q ${protocol.edgeQuantile}, ± ${protocol.edgeTolerance} px` : '',
    [...new Set(Object.values(providers))].join(', '),
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

const describe = ({ size, filter }: Protocol['paired']) => `${size} px ${filter}`
const inceptionResize = (recipe: Recipe) =>
  recipe.fidVariant === 'torchmetrics' ? ` (${describe(recipe.protocol.inception)})` : ''
