/** Which pictures to have at the positions where some are wanted, and in how much detail. */
import type { CompareState } from '../compareStore.ts'
import type { Size } from '../stage/alignment.ts'
import { canDecodeQuickly, movingDifferenceScale, movingScale } from './movingPictures.ts'
import type { Wanted } from './pictureCache.ts'
import { derivedTask, isDerived, keyOf, pictureOf, type Task } from './pictureTasks.ts'

/** What is known of the link and of pictures that came over it. */
export type SupplyFacts = {
  /** `undefined` before the first picture has come. */
  isSlow: boolean | undefined
  /** Size of a source's files; `undefined` before one was shown. */
  ownSize(source: number): Size | undefined
  /** Whether what a task gives is there already. */
  has(task: Task): boolean
}

/** Of the positions about a playhead that rests, these nearest ones come in full; a hand may drag it over the others. */
const sharpPositions = 6
/** Maps take the engine long; so many at once would only be waited for. */
const mostMaps = 8

/**
 * @param positions most urgent first.
 * @param isFlying whether pictures pass too fast for anybody to see whether they are sharp.
 * @returns what to have, most urgent first.
 */
export function wantedTasks(
  state: CompareState,
  positions: readonly number[],
  isFlying: boolean,
  facts: SupplyFacts,
): Wanted<Task>[] {
  const { head, mode, isRecording } = state
  const isMap = mode === 'ssim' || mode === 'lpips'
  const wanted = new Map<string, Wanted<Task>>()
  positions.slice(0, isMap ? mostMaps : undefined).forEach((position, order) => {
    const isLookedAt = position === head.position
    const isFar = !head.isPlaying && order >= sharpPositions
    const isSpare = isFar && !isFlying
    const isPassing = !isRecording && (isFlying || isFar)
    const tasks = isDerived(state)
      ? derivedTasksAt(state, position, isPassing, facts)
      : pictureTasksAt(state, position, isPassing, facts)
    for (const task of tasks) {
      const key = keyOf(task)
      // On a slow link what is no longer looked at must not hold up what is.
      const isFinished = facts.isSlow !== true || (isLookedAt && !isFull(task))
      const files = task.type === 'difference' ? 2 : 1
      if (!wanted.has(key)) wanted.set(key, { key, task, files, isLookedAt, isFinished, isSpare })
    }
  })
  return [...wanted.values()]
}

/** @param isPassing whether nobody will look at this position for long. */
function derivedTasksAt(
  state: CompareState,
  position: number,
  isPassing: boolean,
  { isSlow, has }: SupplyFacts,
): Task[] {
  const derived = state.panes.slice(1).flatMap((source): Task[] => {
    const task = derivedTask(state, source, position)
    if (!task) return []
    const isQuick =
      isPassing &&
      !isSlow &&
      task.type === 'difference' &&
      canDecodeQuickly(task.a) &&
      canDecodeQuickly(task.b) &&
      movingScale(state, state.stage) <= movingDifferenceScale &&
      !has(task)
    return [isQuick ? { ...task, scale: movingDifferenceScale } : task]
  })
  // The pictures' own pixels are only read while the playhead rests; a stage needs the first one's size.
  if (isPassing || !isResting(state, position)) return derived
  return [...derived, ...filesAt(state, position).map(({ file }) => file)]
}

function pictureTasksAt(
  state: CompareState,
  position: number,
  isPassing: boolean,
  { isSlow, ownSize, has }: SupplyFacts,
): Task[] {
  const files = filesAt(state, position)
  // The first pair of all says how fast the link is; until then something small comes with it. Small ones come first, or
  // the full picture of one pane would hold up another.
  const isPreviewed = isSlow || (isSlow === undefined && position === state.head.position)
  const previews = isPreviewed ? files.map(({ file }): Task => ({ ...file, detail: 'preview' })) : []
  // On a slow link only the pair that is looked at comes in full, and only while it rests.
  if (isSlow && !isResting(state, position) && !state.isRecording) return previews
  const pictures = files.map(({ source, file }): Task => {
    const isQuick = isPassing && !isSlow && canDecodeQuickly(file.address) && !has(file)
    return isQuick ? { ...file, detail: 'moving', scale: movingScale(state, ownSize(source)) } : file
  })
  return [...previews, ...pictures]
}

const isResting = ({ head }: CompareState, position: number) => position === head.position && !head.isPlaying

/** The file of every pane that has one at a position. */
function filesAt(state: CompareState, position: number) {
  return state.panes.flatMap((source) => {
    const address = pictureOf(state, source, position)
    return address ? [{ source, file: { type: 'picture', address, detail: 'file' } as const }] : []
  })
}

const isFull = (task: Task) => task.type === 'picture' && task.detail === 'file'
