/** What the stage shows as one picture, with names and scores below. */
import { formatNumber } from '../../ui/format.ts'
import { placeOf, runOfSource, titleOf, valueAt } from './comparison.ts'
import { useCompare, type CompareState } from './compareStore.ts'
import type { FrameSupply } from './pictures/frameSupply.ts'
import type { Size } from './stage/alignment.ts'
import { drawStage } from './stage/drawStage.ts'
import { fitView } from './stage/view.ts'

const caption = 30
const gap = 6
const largestSide = 8192
const still = { ratio: 1, isMoving: false }

/**
 * Draws the panes at the pictures' own size; where it is zoomed and `screen` is given, the part that is seen.
 *
 * @param screen size of the stage's canvas, in device pixels.
 * @returns `undefined` while nothing is shown, or when it is larger than a canvas can be.
 */
export function pairPicture(supply: FrameSupply, screen?: Size): OffscreenCanvas | undefined {
  const state = useCompare.getState()
  const { data, stage, head } = state
  if (!data || !stage) return undefined
  const isWhole = screen === undefined || state.view.zoom === 'fit'
  const { width, height } = isWhole ? wholeSize(state, stage, supply) : screen
  if (Math.max(width, height) > largestSide) return undefined
  const pictures = new OffscreenCanvas(width, height)
  const view = isWhole ? fitView : state.view
  const { panes } = drawStage(pictures, { ...state, view, selection: undefined }, supply, still)
  const canvas = new OffscreenCanvas(width, height + caption)
  const context = canvas.getContext('2d')!
  context.fillStyle = '#181818'
  context.fillRect(0, 0, width, height + caption)
  context.drawImage(pictures, 0, 0)
  context.font = '500 13px "Inter Variable", sans-serif'
  context.textBaseline = 'middle'
  const place = placeOf(data.names[head.position])
  const where = place
    ? `${data.map} · rec ${place.recording} · frame ${place.frame}`
    : `${titleOf(data)} · ${data.names[head.position]}`
  panes.forEach(({ rect, sources }, index) => {
    const names = sources.map((source) => data.sources[source].label).join(' | ')
    const scores = sources
      .flatMap((source) => runOfSource(data, source) ?? [])
      .flatMap((run) =>
        state.metrics.flatMap((metric) => {
          const value = valueAt(run, metric, head.position)
          return value === undefined ? [] : [`${metric} ${formatNumber(value)}`]
        }),
      )
    context.fillStyle = '#e7e8ea'
    context.fillText(
      [names, ...scores, ...(index === 0 ? [where] : [])].join('   '),
      rect.x + 8,
      height + caption / 2,
      rect.width - 16,
    )
  })
  return canvas
}

/** The size at which every pane shows its pictures pixel by pixel. */
function wholeSize(state: CompareState, stage: Size, supply: FrameSupply): Size {
  const count = drawStage(new OffscreenCanvas(64, 64), state, supply, still).panes.length
  const columns = state.mode === 'grid' ? Math.min(2, count) : count
  const rows = Math.ceil(count / columns)
  return {
    width: stage.width * columns + gap * (columns - 1),
    height: stage.height * rows + gap * (rows - 1),
  }
}

/** Puts a picture on the clipboard; where that is not allowed, hands it over as a file. Gives which it was. */
export async function copyOrSave(picture: Blob, fileName: string): Promise<'copied' | 'saved'> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })])
    return 'copied'
  } catch {
    const address = URL.createObjectURL(picture)
    const link = document.createElement('a')
    link.href = address
    link.download = fileName
    link.click()
    setTimeout(() => URL.revokeObjectURL(address), 10_000)
    return 'saved'
  }
}
