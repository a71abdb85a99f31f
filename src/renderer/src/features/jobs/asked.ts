/** What a job was asked to do, as the few facts a person would name: usual choices are left out. */
import type { Job } from '../../../../shared/contract/jobs.ts'

export type AskedName =
  | 'run'
  | 'reference'
  | 'prediction'
  | 'predictionDir'
  | 'referenceDir'
  | 'otherDirs'
  | 'outputDir'
  | 'root'
  | 'maps'
  | 'groups'
  | 'protocol'
  | 'batchSize'
  | 'device'
  | 'ssimBorder'
  | 'lpipsNet'
  | 'lpipsEpsilon'
  | 'fidDims'
  | 'fidVariant'
  | 'fresh'
  | 'saveStats'
  | 'layout'
  | 'fps'
  | 'maxDurationSeconds'
  | 'format'
  | 'preset'
  | 'encoder'
  | 'scores'
  | 'models'
  | 'model'
  | 'path'
  | 'names'
  | 'files'
  | 'framesPerMap'

/** `path`: a file or folder; `count`: only how many; `text`: as it is. */
type Field = { name: AskedName; as: 'path' | 'text' | 'count'; usual?: unknown }

const path = (name: AskedName): Field => ({ name, as: 'path' })
const text = (name: AskedName, usual?: unknown): Field => ({ name, as: 'text', usual })

const fieldsOf: Record<string, readonly Field[]> = {
  benchmark: [
    path('run'),
    path('reference'),
    path('prediction'),
    text('maps'),
    text('groups'),
    text('protocol'),
    text('batchSize'),
    text('device', 'auto'),
    text('ssimBorder', 'full'),
    text('lpipsNet', 'alex'),
    text('lpipsEpsilon', 'torchmetrics'),
    text('fidDims', 2048),
    text('fidVariant', 'torchmetrics'),
    text('fresh', false),
    path('saveStats'),
  ],
  videos: [
    path('predictionDir'),
    path('referenceDir'),
    path('otherDirs'),
    path('outputDir'),
    text('layout'),
    text('fps'),
    text('maxDurationSeconds'),
    text('format'),
    text('preset', 'good'),
    text('encoder', 'software'),
    text('scores'),
    text('fresh', false),
  ],
  sample: [path('root'), text('framesPerMap')],
  'models.install': [text('models')],
  'models.import': [path('path')],
  'models.verify': [text('model')],
  saveFrames: [{ name: 'names', as: 'count' }, text('files'), path('outputDir')],
}

export type AskedFact = { name: AskedName; as: Field['as']; values: string[]; isYes: boolean }

/** Paths inside `root` without it; others as they are. */
export const pathUnder = (root: string | undefined, whole: string): string => {
  if (root === undefined || whole.length <= root.length + 1 || !whole.startsWith(root)) return whole
  return /[\\/]/.test(whole[root.length]) ? whole.slice(root.length + 1) : whole
}

/** The facts of a job, in the order of its kind; none for a kind that is not known. Paths lose their workspace. */
export function askedOf(job: Pick<Job, 'kind' | 'input'>): AskedFact[] {
  const input = (job.input ?? {}) as Record<string, unknown>
  const root = typeof input.workspace === 'string' ? input.workspace : undefined
  return (fieldsOf[job.kind] ?? []).flatMap(({ name, as, usual }): AskedFact[] => {
    const value = input[name]
    const list = (Array.isArray(value) ? value : [value]).filter(
      (one) => one !== undefined && one !== null && one !== '' && one !== usual,
    )
    if (list.length === 0) return []
    const texts = list.map(String)
    const values =
      as === 'count'
        ? [String(list.length)]
        : as === 'path'
          ? texts.map((one) => pathUnder(root, one))
          : texts
    return [{ name, as, values, isYes: value === true }]
  })
}
