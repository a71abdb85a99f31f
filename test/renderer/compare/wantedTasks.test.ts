import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useCompare, type CompareState } from '../../../src/renderer/src/features/compare/compareStore.ts'
import type { OpenComparison, Source } from '../../../src/renderer/src/features/compare/comparison.ts'
import { keyOf, type Task } from '../../../src/renderer/src/features/compare/pictures/pictureTasks.ts'
import {
  wantedTasks,
  type SupplyFacts,
} from '../../../src/renderer/src/features/compare/pictures/wantedTasks.ts'
import { newPlayhead } from '../../../src/renderer/src/features/compare/playback/playhead.ts'

const count = 40
const size = { width: 1280, height: 720 }

function stateWith(changes: Partial<CompareState> = {}, extension = 'jpg'): CompareState {
  const source = (id: string): Source => ({
    id,
    label: id,
    folder: `/${id}`,
    color: '',
    hasFile: new Uint8Array(count).fill(1),
    ...(id === 'reference' ? {} : { run: 0 }),
  })
  const data: OpenComparison = {
    map: '',
    referenceDir: '/reference',
    names: Array.from({ length: count }, (_, index) => `${index}.${extension}`),
    trackStarts: [0],
    sources: [source('reference'), source('run')],
    runs: [],
    clips: [],
    metrics: [],
    cautions: [],
  }
  return {
    ...useCompare.getInitialState(),
    data,
    head: newPlayhead(count, 10),
    panes: [0, 1],
    stage: size,
    pane: { width: 480, height: 270 },
    ...changes,
  }
}

const fast: SupplyFacts = { isSlow: false, ownSize: () => size, has: () => false }
const around = [10, 11, 9, 12, 8, 13, 7, 14, 6]

/** Position, detail and scale of each picture, in order. */
const briefly = (state: CompareState, positions: readonly number[], isFlying: boolean, facts = fast) =>
  wantedTasks(state, positions, isFlying, facts).map(({ task }) => {
    const path = task.type === 'picture' ? task.address.path : task.type === 'difference' ? task.a.path : ''
    const detail = task.type === 'picture' ? task.detail : task.type
    const scale = 'scale' in task ? ` ${task.scale}` : ''
    return `${/\/(\d+)\./.exec(path)?.[1] ?? ''} ${detail}${scale}`
  })

beforeEach(() => void vi.stubGlobal('ImageDecoder', class {}))
afterEach(() => void vi.unstubAllGlobals())

describe('what is wanted', () => {
  it('at rest is the nearest pictures in full, and small ones further on', () => {
    const seen = briefly(stateWith(), around, false)
    expect(seen.slice(0, 4)).toEqual(['10 file', '10 file', '11 file', '11 file'])
    expect(seen.slice(10)).toEqual([
      '13 file',
      '13 file',
      ...['7', '7', '14', '14', '6', '6'].map((position) => `${position} moving 0.25`),
    ])
  })

  it('at rest takes spare time only for what lies further on', () => {
    const spare = (isFlying: boolean) =>
      wantedTasks(stateWith(), around, isFlying, fast).map((one) => one.isSpare)
    expect(spare(false)).toEqual([...Array(12).fill(false), ...Array(6).fill(true)])
    expect(spare(true)).not.toContain(true)
  })

  it('while it flies past is small, but for what is there in full', () => {
    const has = (task: Task) =>
      keyOf(task) === keyOf({ type: 'picture', address: { path: '/run/11.jpg' }, detail: 'file' })
    expect(briefly(stateWith(), [10, 11], true, { ...fast, has })).toEqual([
      '10 moving 0.25',
      '10 moving 0.25',
      '11 moving 0.25',
      '11 file',
    ])
  })

  it.each([
    ['of PNGs', stateWith({}, 'png')],
    ['for a video of the screen', stateWith({ isRecording: true })],
  ])('%s is the files at any speed', (_what, state) => {
    expect(new Set(briefly(state, around, true).map((text) => text.split(' ')[1]))).toEqual(new Set(['file']))
  })

  it('while it plays slowly enough to be looked at is in full, however far ahead', () => {
    const head = { ...newPlayhead(count, 10), isPlaying: true }
    expect(briefly(stateWith({ head }), [10, 11, 12, 13, 14, 15, 16, 17], false).at(-1)).toBe('17 file')
  })

  it('comes with something small first while nobody knows how fast the link is', () => {
    expect(briefly(stateWith(), [10, 11], false, { ...fast, isSlow: undefined })).toEqual([
      '10 preview',
      '10 preview',
      '10 file',
      '10 file',
      '11 file',
      '11 file',
    ])
  })

  it('on a slow link is the pair it rests on, and previews of the others', () => {
    const slow = { ...fast, isSlow: true }
    const wanted = wantedTasks(stateWith(), [10, 11], false, slow)
    expect(briefly(stateWith(), [10, 11], false, slow)).toEqual([
      '10 preview',
      '10 preview',
      '10 file',
      '10 file',
      '11 preview',
      '11 preview',
    ])
    // A small one that was looked at is brought to its end; nothing else may hold up what is looked at next.
    expect(wanted.map(({ isFinished }) => isFinished)).toEqual([true, true, false, false, false, false])
    const playing = stateWith({ head: { ...newPlayhead(count, 10), isPlaying: true } })
    expect(briefly(playing, [10, 11], true, slow)).toEqual(
      Array(2).fill('10 preview').concat(Array(2).fill('11 preview')),
    )
  })

  it('of differences is made of smaller pictures while they fly past, and comes with the files at rest', () => {
    const state = stateWith({ mode: 'difference' })
    expect(briefly(state, [10, 11], true)).toEqual(['10 difference 0.5', '11 difference 0.5'])
    expect(briefly(state, [10, 11], false)).toEqual(['10 difference', '10 file', '10 file', '11 difference'])
    const closer = { ...state, pane: { width: 1200, height: 675 } }
    expect(briefly(closer, [10], true)).toEqual(['10 difference'])
  })

  it('of metric maps is a few at a time', () => {
    const state = stateWith({ mode: 'ssim' })
    state.data = {
      ...state.data!,
      runs: [
        {
          id: 'run',
          label: '',
          states: new Uint8Array(count),
          frameIndex: new Int32Array(count),
          columns: new Map(),
          sets: new Map(),
          failures: new Map(),
        },
      ],
    }
    const maps = wantedTasks(state, [...Array(20).keys()], false, fast).filter(
      ({ task }) => task.type === 'map',
    )
    expect(maps).toHaveLength(8)
  })
})
