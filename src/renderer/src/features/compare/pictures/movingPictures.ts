/**
 * How finely a picture is decoded that flies past. A JPEG can be decoded at a part of its size for less than half of
 * the work, and a pane is seldom as large as the file; when the playhead rests, the file itself is shown.
 */
import type { PictureAddress } from '../comparison.ts'
import type { CompareState } from '../compareStore.ts'
import { alignedRect, type Size } from '../stage/alignment.ts'
import { resolveView } from '../stage/view.ts'

/** Shares of its sides at which a JPEG decoder is quick, finest first. */
export const movingScales = [1, 1 / 2, 1 / 4] as const

/** Differences of smaller pictures would be dimmer, for fine detail is lost in them. */
export const movingDifferenceScale = 1 / 2

/** A picture that flies past may be enlarged so far. */
const mostEnlarged = 1.75

/** Whether a file can be decoded in that way here: JPEGs can, where the browser has WebCodecs (not on plain http). */
export const canDecodeQuickly = ({ path, frame }: PictureAddress): boolean =>
  frame === undefined && /\.jpe?g$/i.test(path) && 'ImageDecoder' in globalThis

/**
 * The coarsest scale at which a picture still fills its place on the screen.
 *
 * @param own size of the file; `undefined` while it is not known, which takes the whole file.
 */
export function movingScale(
  { stage, pane, view, alignment }: Pick<CompareState, 'stage' | 'pane' | 'view' | 'alignment'>,
  own: Size | undefined,
): number {
  if (!own || !stage || !pane) return 1
  const { zoom } = resolveView(view, stage, pane)
  const place = alignedRect(own, stage, alignment)
  const shown = zoom * Math.max(place.width / own.width, place.height / own.height)
  return movingScales.findLast((scale) => scale * mostEnlarged >= shown) ?? 1
}
