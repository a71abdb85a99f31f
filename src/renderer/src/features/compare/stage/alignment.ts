/** How pictures of different sizes are laid over each other: an explicit rule, written in the corner of the pane. */

export type Size = { width: number; height: number }
export type Rect = { x: number; y: number; width: number; height: number }

export const alignmentRules = ['fit', 'crop', 'stretch'] as const
export type AlignmentRule = (typeof alignmentRules)[number]

/**
 * Where a picture lies on the stage, whose pixels are those of the first picture shown. `fit` keeps everything and its
 * proportions, `crop` fills the stage and keeps proportions, `stretch` fills it exactly. Parts outside are not shown.
 */
export function alignedRect(picture: Size, stage: Size, rule: AlignmentRule): Rect {
  if (rule === 'stretch') return { x: 0, y: 0, width: stage.width, height: stage.height }
  const [across, down] = [stage.width / picture.width, stage.height / picture.height]
  const scale = rule === 'fit' ? Math.min(across, down) : Math.max(across, down)
  const [width, height] = [picture.width * scale, picture.height * scale]
  return { x: (stage.width - width) / 2, y: (stage.height - height) / 2, width, height }
}

export const isSameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height

/** The pixel of a picture under a point of the stage; `undefined` outside the picture or the stage. */
export function pixelUnder(
  point: { x: number; y: number },
  picture: Size,
  stage: Size,
  rule: AlignmentRule,
): { x: number; y: number } | undefined {
  const isOnStage = point.x >= 0 && point.y >= 0 && point.x < stage.width && point.y < stage.height
  if (!isOnStage) return undefined
  const rect = alignedRect(picture, stage, rule)
  const x = Math.floor(((point.x - rect.x) / rect.width) * picture.width)
  const y = Math.floor(((point.y - rect.y) / rect.height) * picture.height)
  return x >= 0 && y >= 0 && x < picture.width && y < picture.height ? { x, y } : undefined
}

/**
 * The position a source shows when it is shifted: positive offsets show later frames of this source.
 *
 * @returns `undefined` beyond either end.
 */
export function shiftedPosition(position: number, offset: number, count: number): number | undefined {
  const shifted = position + offset
  return shifted >= 0 && shifted < count ? shifted : undefined
}
