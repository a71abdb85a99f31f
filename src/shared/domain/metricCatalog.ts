/**
 * Every metric the studio knows. Forms, flags, table columns, chart axes and exports read this list; adding a metric
 * begins here. Ids are the names the reference scripts print.
 */

/** The flags a user asks with; one flag may stand for several metrics, as in the reference scripts. */
export const metricGroups = [
  'fid',
  'lpips',
  'psnr_ssim',
  'clip',
  'aesthetic',
  'ms_ssim',
  'kid',
  'is',
  'pixel',
  'boundary',
  'temporal',
  'fvd',
] as const
export type MetricGroup = (typeof metricGroups)[number]

export type MetricInfo = {
  id: string
  /** Short name for table headers. */
  title: string
  group: MetricGroup
  direction: 'higher' | 'lower'
  /** Unit of the value; empty for pure numbers. */
  unit: string
  /** What a value is about: one pair of frames, one predicted frame, or the whole set. */
  scope: 'pair' | 'prediction' | 'set'
  /** Whether a value exists for every single frame, for timelines and worst lists. */
  isPerFrame: boolean
  /** Digits after the point where the reference scripts print this metric. */
  decimals: number
  /** Usual range, for axes and colours; open ends are undefined. */
  range: { min?: number; max?: number }
  /** One sentence: what it measures and when it misleads. */
  about: string
  paper: string
  /** Why it cannot be computed yet; empty when it can. */
  unavailable: string
}

type Entry = Omit<MetricInfo, 'unavailable' | 'decimals'> &
  Partial<Pick<MetricInfo, 'unavailable' | 'decimals'>>
const entry = (info: Entry): MetricInfo => ({ decimals: 4, unavailable: '', ...info })
const later = 'not yet available in this version'

export const metricCatalog: readonly MetricInfo[] = [
  entry({
    id: 'FID',
    title: 'FID',
    group: 'fid',
    direction: 'lower',
    unit: '',
    scope: 'set',
    isPerFrame: false,
    range: { min: 0 },
    about:
      'Distance between the Inception feature distributions of both sets. Biased upward for few frames: compare only equal numbers of frames.',
    paper: 'Heusel et al. 2017, arXiv:1706.08500',
  }),
  entry({
    id: 'KID',
    title: 'KID',
    group: 'kid',
    direction: 'lower',
    unit: '',
    scope: 'set',
    isPerFrame: false,
    decimals: 6,
    range: { min: 0 },
    about:
      'Squared MMD of Inception features with a cubic kernel; unbiased, so it can be slightly negative for equal sets.',
    paper: 'Bińkowski et al. 2018, arXiv:1801.01401',
  }),
  entry({
    id: 'IS',
    title: 'IS',
    group: 'is',
    direction: 'higher',
    unit: '',
    scope: 'set',
    isPerFrame: false,
    range: { min: 1 },
    about:
      'How sure and how varied the Inception classes of the predictions are; says little about frames of one map.',
    paper: 'Salimans et al. 2016, arXiv:1606.03498',
    unavailable: later,
  }),
  entry({
    id: 'LPIPS',
    title: 'LPIPS',
    group: 'lpips',
    direction: 'lower',
    unit: '',
    scope: 'pair',
    isPerFrame: true,
    range: { min: 0, max: 1 },
    about:
      'Distance of deep features; close to human judgement of similarity, blind to small shifts of colour.',
    paper: 'Zhang et al. 2018, arXiv:1801.03924',
  }),
  entry({
    id: 'PSNR',
    title: 'PSNR',
    group: 'psnr_ssim',
    direction: 'higher',
    unit: 'dB',
    scope: 'pair',
    isPerFrame: true,
    range: { min: 0 },
    about: 'Mean squared error on a logarithmic scale; rewards blur, punishes a shift by one pixel.',
    paper: '',
  }),
  entry({
    id: 'SSIM',
    title: 'SSIM',
    group: 'psnr_ssim',
    direction: 'higher',
    unit: '',
    scope: 'pair',
    isPerFrame: true,
    range: { min: 0, max: 1 },
    about: 'Local brightness, contrast and structure in 11 × 11 Gaussian windows.',
    paper: 'Wang et al. 2004, doi:10.1109/TIP.2003.819861',
  }),
  entry({
    id: 'MS_SSIM',
    title: 'MS-SSIM',
    group: 'ms_ssim',
    direction: 'higher',
    unit: '',
    scope: 'pair',
    isPerFrame: true,
    range: { min: 0, max: 1 },
    about: 'SSIM over five scales; needs frames of at least 176 px.',
    paper: 'Wang et al. 2003, doi:10.1109/ACSSC.2003.1292216',
  }),
  entry({
    id: 'CLIP',
    title: 'CLIP-I',
    group: 'clip',
    direction: 'higher',
    unit: '',
    scope: 'pair',
    isPerFrame: true,
    range: { min: 0.5, max: 1 },
    about: 'Cosine of the CLIP ViT-B/32 embeddings: same content, not same pixels.',
    paper: 'Radford et al. 2021, arXiv:2103.00020',
  }),
  entry({
    id: 'Aesthetic',
    title: 'Aesthetic',
    group: 'aesthetic',
    direction: 'higher',
    unit: '',
    scope: 'prediction',
    isPerFrame: true,
    range: { min: 1, max: 10 },
    about: 'LAION aesthetic predictor on CLIP ViT-L/14; looks at the prediction only.',
    paper: 'christophschuhmann/improved-aesthetic-predictor',
  }),
  entry({
    id: 'Pixel_MAE_255',
    title: 'MAE',
    group: 'pixel',
    direction: 'lower',
    unit: 'levels',
    scope: 'pair',
    isPerFrame: true,
    decimals: 6,
    range: { min: 0, max: 255 },
    about: 'Mean absolute difference of 8-bit samples.',
    paper: '',
  }),
  entry({
    id: 'Pixel_Exact_Acc',
    title: 'Exact',
    group: 'pixel',
    direction: 'higher',
    unit: '',
    scope: 'pair',
    isPerFrame: true,
    decimals: 6,
    range: { min: 0, max: 1 },
    about: 'Share of pixels that are equal in all three channels.',
    paper: '',
  }),
  entry({
    id: 'Pixel_Within_1_Acc',
    title: 'Within 1',
    group: 'pixel',
    direction: 'higher',
    unit: '',
    scope: 'pair',
    isPerFrame: true,
    decimals: 6,
    range: { min: 0, max: 1 },
    about: 'Share of pixels that differ by at most one level in each channel.',
    paper: '',
  }),
  entry({
    id: 'Boundary_F1',
    title: 'Boundary F1',
    group: 'boundary',
    direction: 'higher',
    unit: '',
    scope: 'pair',
    isPerFrame: true,
    decimals: 6,
    range: { min: 0, max: 1 },
    about: 'Do edges lie in the same places, within a tolerance; counted over all frames together.',
    paper: '',
  }),
  entry({
    id: 'Boundary_Precision',
    title: 'Boundary precision',
    group: 'boundary',
    direction: 'higher',
    unit: '',
    scope: 'pair',
    isPerFrame: true,
    decimals: 6,
    range: { min: 0, max: 1 },
    about: 'Share of predicted edge pixels that lie near a true edge.',
    paper: '',
  }),
  entry({
    id: 'Boundary_Recall',
    title: 'Boundary recall',
    group: 'boundary',
    direction: 'higher',
    unit: '',
    scope: 'pair',
    isPerFrame: true,
    decimals: 6,
    range: { min: 0, max: 1 },
    about: 'Share of true edge pixels that lie near a predicted edge.',
    paper: '',
  }),
  entry({
    id: 'Temporal_Warping_Error',
    title: 'Warping error',
    group: 'temporal',
    direction: 'lower',
    unit: 'levels',
    scope: 'set',
    isPerFrame: false,
    range: { min: 0 },
    about: 'Difference after moving the previous prediction along the true optical flow.',
    paper: '',
    unavailable: later,
  }),
  entry({
    id: 'Temporal_Difference_Error',
    title: 'Difference error',
    group: 'temporal',
    direction: 'lower',
    unit: 'levels',
    scope: 'set',
    isPerFrame: false,
    range: { min: 0 },
    about: 'Difference of frame-to-frame changes.',
    paper: '',
    unavailable: later,
  }),
  entry({
    id: 'Flicker_Score',
    title: 'Flicker',
    group: 'temporal',
    direction: 'lower',
    unit: 'levels',
    scope: 'set',
    isPerFrame: false,
    range: { min: 0 },
    about: 'Difference of the size of frame-to-frame changes.',
    paper: '',
    unavailable: later,
  }),
  entry({
    id: 'Optical_Flow_EPE',
    title: 'Flow EPE',
    group: 'temporal',
    direction: 'lower',
    unit: 'px',
    scope: 'set',
    isPerFrame: false,
    range: { min: 0 },
    about: 'End-point error of the optical flow of prediction and truth.',
    paper: '',
    unavailable: later,
  }),
  entry({
    id: 'FVD',
    title: 'FVD',
    group: 'fvd',
    direction: 'lower',
    unit: '',
    scope: 'set',
    isPerFrame: false,
    range: { min: 0 },
    about: 'Fréchet distance of I3D features of 16-frame clips.',
    paper: 'Unterthiner et al. 2018, arXiv:1812.01717',
    unavailable: later,
  }),
]

/** The catalogue entry of a metric. @throws RangeError for an unknown id. */
export function metricInfo(id: string): MetricInfo {
  const found = metricCatalog.find((metric) => metric.id === id)
  if (!found) throw new RangeError(`Unknown metric: ${id}`)
  return found
}

/** Ids of the metrics that a set of groups stands for, in the order of the catalogue. */
export function metricsOfGroups(groups: readonly MetricGroup[]): string[] {
  return metricCatalog.filter(({ group }) => groups.includes(group)).map(({ id }) => id)
}
