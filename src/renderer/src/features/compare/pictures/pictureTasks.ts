/** What can be asked for of a picture or a pair, and the keys under which it is kept. */
import type { CompareState } from '../compareStore.ts'
import { pictureAt, type PictureAddress } from '../comparison.ts'
import { shiftedPosition } from '../stage/alignment.ts'

/**
 * How much of a file is in a picture. `file`: exactly its pixels. `moving`: as much as its pane can show, for pictures
 * that fly past. `preview`: less than that, for slow links.
 */
export type Detail = 'file' | 'moving' | 'preview'

/** A picture to be fetched and worked out. */
export type Task =
  | { type: 'picture'; address: PictureAddress; detail: 'file' | 'preview' }
  /** `scale`: share of the file's sides. */
  | { type: 'picture'; address: PictureAddress; detail: 'moving'; scale: number }
  | {
      type: 'difference'
      a: PictureAddress
      b: PictureAddress
      rule: CompareState['alignment']
      options: CompareState['difference']
      /** Of both, while it flies past: share of the files' sides. */
      scale?: number
    }
  | { type: 'map'; runId: string; kind: 'ssim' | 'lpips'; reference: string; prediction: string }

const addressKey = ({ path, frame }: PictureAddress) => (frame === undefined ? path : `${path}\n${frame}`)

/** Equal for tasks that give the same pixels. */
export function keyOf(task: Task): string {
  switch (task.type) {
    case 'picture':
      return `${task.detail} ${task.detail === 'moving' ? task.scale : ''}\n${addressKey(task.address)}`
    case 'difference': {
      const { kind, gain, channel } = task.options
      return `d ${task.scale ?? ''}\n${task.rule} ${kind} ${gain} ${channel}\n${addressKey(task.a)}\n${addressKey(task.b)}`
    }
    case 'map':
      return `m\n${task.kind}\n${task.runId}\n${task.reference}\n${task.prediction}`
  }
}

/** Whether the panes show pictures worked out of pairs. */
export const isDerived = ({ mode, panes }: CompareState) =>
  panes.length > 1 && (mode === 'difference' || mode === 'ssim' || mode === 'lpips')

/** The picture a source shows when the playhead is at `position`. */
export function pictureOf(
  { data, offsets }: CompareState,
  source: number,
  position: number,
): PictureAddress | undefined {
  if (!data) return undefined
  const shifted = shiftedPosition(position, offsets[source] ?? 0, data.names.length)
  return shifted === undefined ? undefined : pictureAt(data, source, shifted)
}

/** What gives the difference or metric map of a source against the first pane; `undefined` without a pair. */
export function derivedTask(state: CompareState, source: number, position: number): Task | undefined {
  const [base] = state.panes
  const [a, b] = [pictureOf(state, base, position), pictureOf(state, source, position)]
  if (a === undefined || b === undefined || !state.data) return undefined
  if (state.mode === 'difference')
    return { type: 'difference', a, b, rule: state.alignment, options: state.difference }
  // A map belongs to a run and ground truth, whatever the order of the panes.
  const isTruth = (index: number) => state.data!.sources[index].id === 'reference'
  const run = isTruth(base) ? source : isTruth(source) ? base : undefined
  if (run === undefined || state.data.sources[run].run === undefined) return undefined
  const nameAt = (index: number) => state.data!.names[position + (state.offsets[index] ?? 0)]
  return {
    type: 'map',
    runId: state.data.sources[run].id,
    kind: state.mode === 'lpips' ? 'lpips' : 'ssim',
    reference: nameAt(0),
    prediction: nameAt(run),
  }
}
