/** Where each panel stands in the picture. Pure geometry. */
import type { VideoLayout } from '../../../shared/contract/videos.ts'
import { AppError } from '../../../shared/errors.ts'

/** Black pixels between panels, as in `frames_to_video.py`. */
export const dividerWidth = 10

/** x264 and libvpx take pictures up to this many pixels per side. */
const largestSide = 16_384

export type Size = { width: number; height: number }
export type Rect = Size & { x: number; y: number }

/** What a panel shows: a picture by its index in a frame's files, the difference of two, or the radar. */
export type PanelContent =
  { kind: 'picture'; source: number } | { kind: 'difference'; sources: [number, number] } | { kind: 'radar' }

export type PanelPlace = Rect & { content: PanelContent }

/** Index of the prediction, the reference and the first other run among the files of a frame. */
export const predictionSource = 0
export const referenceSource = 1
export const firstOtherSource = 2

/**
 * Lays panels out side by side, with a black divider between them. The canvas is one pixel larger where a side would
 * be odd, since 4:2:0 needs even ones.
 *
 * @param panel size of one picture panel; the radar is a square of the same height.
 * @throws AppError `usage` when the picture would be larger than encoders take.
 */
export function layOut(
  layout: VideoLayout,
  panel: Size,
  has: { reference: boolean; others: number },
): { canvas: Size; panels: PanelPlace[] } {
  const panels: PanelPlace[] = []
  let x = 0
  for (const content of contentsOf(layout, has)) {
    const width = content.kind === 'radar' ? panel.height : panel.width
    panels.push({ x, y: 0, width, height: panel.height, content })
    x += width + dividerWidth
  }
  const canvas = { width: even(x - dividerWidth), height: even(panel.height) }
  if (canvas.width > largestSide || canvas.height > largestSide) {
    throw new AppError(
      'usage',
      `The picture would be ${canvas.width}x${canvas.height}; encoders take at most ${largestSide} pixels per side.`,
      {
        hint: 'Make the panels smaller with --panel_width, or put fewer runs side by side.',
      },
    )
  }
  return { canvas, panels }
}

function contentsOf(layout: VideoLayout, has: { reference: boolean; others: number }): PanelContent[] {
  const prediction: PanelContent = { kind: 'picture', source: predictionSource }
  const reference: PanelContent = { kind: 'picture', source: referenceSource }
  switch (layout) {
    case 'single':
      return [prediction]
    case 'pair':
      return [prediction, reference]
    case 'three-column':
      return [reference, prediction, { kind: 'radar' }]
    case 'diff':
      return [prediction, reference, { kind: 'difference', sources: [predictionSource, referenceSource] }]
    case 'runs': {
      const others = Array.from({ length: has.others }, (_, index): PanelContent => ({
        kind: 'picture',
        source: firstOtherSource + index,
      }))
      return [prediction, ...others, ...(has.reference ? [reference] : [])]
    }
  }
}

/** The largest rectangle with the proportions of `inner` inside `outer`, centred. */
export function fitInside(inner: Size, outer: Size): Rect {
  const scale = Math.min(outer.width / inner.width, outer.height / inner.height)
  const width = Math.min(outer.width, Math.max(1, Math.round(inner.width * scale)))
  const height = Math.min(outer.height, Math.max(1, Math.round(inner.height * scale)))
  return {
    x: Math.floor((outer.width - width) / 2),
    y: Math.floor((outer.height - height) / 2),
    width,
    height,
  }
}

/** Text size that suits a panel: a twenty-fourth of its height, and no more than its width carries. */
export function textPixels(panel: Size): number {
  return Math.round(Math.min(40, Math.max(10, Math.min(panel.height / 24, panel.width / 26))))
}

const even = (pixels: number) => pixels + (pixels % 2)
