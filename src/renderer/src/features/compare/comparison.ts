/** The engine's answer about some runs, unpacked into arrays by position: what the whole page works on. */
import type { ComparedClip, Comparison, FrameState } from '../../../../shared/contract/compare.ts'
import { metricCatalog, type MetricInfo } from '../../../../shared/domain/metricCatalog.ts'
import { parseFrameName } from '../../../../shared/domain/frameName.ts'
import { fromScoreValue } from '../../../../shared/domain/score.ts'

const states: readonly FrameState[] = ['missing', 'ok', 'failed', 'unmeasured']

/** Something a pane can show: ground truth, a run, or a clip. */
export type Source = {
  /** `reference`, the id of the run, or the path of the clip. */
  id: string
  label: string
  /** Folder of the pictures; empty for a clip. */
  folder: string
  /** Index in `runs`, for a run. */
  run?: number
  clip?: ComparedClip
  /** CSS colour variable of the source's fixed identity. */
  color: string
  /** 0 where there is no file. */
  hasFile: Uint8Array
}

export type ComparedRun = {
  id: string
  label: string
  states: Uint8Array
  frameIndex: Int32Array
  columns: ReadonlyMap<string, Float32Array>
  /** Score of the whole set by metric, where there is one. */
  sets: ReadonlyMap<string, number>
  failures: ReadonlyMap<number, string>
}

export type OpenComparison = {
  /** Empty where there are only clips. */
  map: string
  referenceDir: string
  names: readonly string[]
  trackStarts: readonly number[]
  /** Ground truth first, then the runs, then the clips; the clips alone where there are no runs. */
  sources: readonly Source[]
  runs: readonly ComparedRun[]
  clips: readonly ComparedClip[]
  /** Metrics with a value per frame in any run, in the order of the catalogue. */
  metrics: readonly MetricInfo[]
  cautions: readonly string[]
}

/** @param referenceLabel what ground truth is called in the person's language. */
export function unpackComparison(raw: Comparison, referenceLabel: string): OpenComparison {
  const runs = raw.runs.map((run): ComparedRun => ({
    id: run.id,
    label: run.label,
    states: bytesOf(run.states),
    frameIndex: new Int32Array(bytesOf(run.frameIndex).buffer),
    columns: new Map(
      Object.entries(run.columns).map(([metric, text]) => [metric, new Float32Array(bytesOf(text).buffer)]),
    ),
    sets: new Map(
      Object.entries(run.sets).flatMap(([metric, score]) =>
        score.status === 'ok' ? [[metric, fromScoreValue(score.value)] as const] : [],
      ),
    ),
    failures: new Map(run.failures.map(({ position, reason }) => [position, reason])),
  }))
  const labels = shortLabels(
    raw.runs.map(({ label, experiment, timestamp }) => ({ label, experiment, timestamp })),
  )
  return {
    map: raw.map,
    referenceDir: raw.referenceDir,
    names: raw.names,
    trackStarts: raw.trackStarts,
    cautions: raw.cautions,
    runs: runs.map((run, at) => ({ ...run, label: labels[at] })),
    clips: raw.clips,
    metrics: metricCatalog.filter(({ id }) => runs.some(({ columns }) => columns.has(id))),
    sources: [
      ...(runs.length > 0
        ? [
            {
              id: 'reference',
              label: referenceLabel,
              folder: raw.referenceDir,
              color: 'var(--ground-truth)',
              hasFile: bytesOf(raw.reference),
            },
          ]
        : []),
      ...raw.runs.map((run, at) => ({
        id: run.id,
        label: labels[at],
        folder: run.predictionDir,
        run: at,
        color: runColor(at),
        hasFile: runs[at].states,
      })),
      ...raw.clips.map((clip, at) => ({
        id: clip.path,
        label: clip.label,
        folder: '',
        clip,
        color: runColor(runs.length + at),
        hasFile: Uint8Array.from(raw.names, (_, position) =>
          position >= clip.first && position < clip.first + clip.frames ? 1 : 0,
        ),
      })),
    ],
  }
}

const runColor = (at: number) => `var(--run-${(at % 7) + 1})`

/** The run a source is, if it is one. */
export function runOfSource({ runs, sources }: OpenComparison, source: number): ComparedRun | undefined {
  const run = sources[source]?.run
  return run === undefined ? undefined : runs[run]
}

/** CSS colour variable of a run's fixed identity. */
export const colorOfRun = ({ sources }: OpenComparison, run: ComparedRun): string =>
  sources.find(({ id }) => id === run.id)!.color

/** Labels as short as they can be told apart: the experiment alone, with its time where two share it. */
export function shortLabels(
  runs: readonly { label: string; experiment: string; timestamp: string }[],
): string[] {
  const short = runs.map(({ experiment, label }) => experiment || label)
  return runs.map(({ label, timestamp }, at) => {
    if (short.filter((other) => other === short[at]).length < 2) return short[at]
    const time = /_(\d{6})$/.exec(timestamp)?.[1] ?? timestamp
    const long = time === '' ? label : `${short[at]} · ${time}`
    const sameTime = runs.filter((run, other) => short[other] === short[at] && run.timestamp === timestamp)
    return sameTime.length < 2 ? long : `${long} #${at + 1}`
  })
}

/** The map, or the names of the clips. */
export const titleOf = ({ map, clips }: OpenComparison): string =>
  map === '' ? clips.map(({ label }) => label).join(' · ') : map

/** What is known of a frame in a run. */
export const stateAt = (run: ComparedRun, position: number): FrameState => states[run.states[position]]

/** `undefined` where the run has no value of the metric. */
export function valueAt(run: ComparedRun, metric: string, position: number): number | undefined {
  const value = run.columns.get(metric)?.[position]
  return value === undefined || Number.isNaN(value) ? undefined : value
}

/** Where a picture comes from: a file, or a frame of a video. */
export type PictureAddress = { path: string; frame?: number }

/** `undefined` where a source has no picture at this position, such as beyond an end after an offset. */
export function pictureAt(
  { sources, names }: OpenComparison,
  source: number,
  position: number,
): PictureAddress | undefined {
  const { folder, hasFile, clip } = sources[source]
  if (!hasFile[position]) return undefined
  if (clip) return { path: clip.path, frame: position - clip.first }
  return { path: `${folder}${folder.includes('\\') ? '\\' : '/'}${names[position]}` }
}

/** `rec 12 frame 340` as two numbers, or nothing for names of another form. */
export const placeOf = (name: string) => parseFrameName(name)

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}
