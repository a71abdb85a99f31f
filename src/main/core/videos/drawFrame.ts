/** Draws one frame of a clip: reads its pictures, puts them into their panels, adds text, converts for the encoder. */
import { basename } from 'node:path'
import { toAppError } from '../../../shared/errors.ts'
import { resize } from '../images/resample.ts'
import { reusableBytes, type AllocateBytes, type RgbPixels } from '../images/rgbImage.ts'
import { messagePanel } from './drawing/messagePanel.ts'
import { drawPanelTexts } from './drawing/panelTexts.ts'
import { createRadarPainter, type RadarPainter } from './drawing/radarPanel.ts'
import { blit } from './drawing/sprite.ts'
import { borrowCanvas } from './frameCanvas.ts'
import { fitInside, referenceSource, type Rect, type Size } from './layout.ts'
import { loadFrame } from './loadFrame.ts'
import type { DrawnFrame, DrawTask, Scene } from './scene.ts'
import { wordsOf } from './words.ts'

/** What became of one source of a frame. */
type Source =
  { kind: 'picture'; image: RgbPixels } | { kind: 'missing' } | { kind: 'unreadable'; file: string }

/** Draws frames of one scene; keeps what they share, so frames in rising order are quickest. */
export function createScenePainter(scene: Scene): (task: DrawTask) => Promise<DrawnFrame> {
  const words = wordsOf[scene.language]
  let radar: Promise<RadarPainter> | undefined
  // A thread draws one frame at a time, so the pictures of each source go into the same memory.
  const memory: AllocateBytes[] = []
  const memoryOf = (source: number) => (memory[source] ??= reusableBytes())

  async function readSources(
    files: readonly (string | undefined)[],
    unreadable: DrawnFrame['unreadable'],
  ): Promise<Source[]> {
    return await Promise.all(
      files.map(async (file, source): Promise<Source> => {
        if (file === undefined) return { kind: 'missing' }
        try {
          return { kind: 'picture', image: await loadFrame(file, memoryOf(source)) }
        } catch (error) {
          unreadable.push({ file, reason: toAppError(error, file).message })
          return { kind: 'unreadable', file }
        }
      }),
    )
  }

  /** Says in place of a picture why there is none. */
  function absence(source: Source, index: number, size: Size): RgbPixels {
    const text =
      source.kind === 'unreadable'
        ? words.unreadable
        : index === referenceSource
          ? words.missingReference
          : words.missingPrediction
    const detail = source.kind === 'unreadable' ? basename(source.file) : ''
    return messagePanel(size, scene.textPixels, text, detail)
  }

  /** Where a picture stands in its panel: fitted with its proportions kept, or stretched when asked. */
  const placeOf = (image: Size, panel: Size): Rect =>
    scene.stretch ? { x: 0, y: 0, ...panel } : fitInside(image, panel)

  function pictureOf(source: Source, index: number, size: Size): RgbPixels {
    if (source.kind !== 'picture') return absence(source, index, size)
    const place = placeOf(source.image, size)
    return onBlack(scaled(source.image, place), place, size)
  }

  /**
   * The difference on the prediction's own grid, as the benchmark compares: where proportions differ, the two pictures
   * stand in different places of their panels, and comparing panels would compare pictures with black bars.
   */
  function difference(sources: readonly Source[], [a, b]: readonly [number, number], size: Size): RgbPixels {
    const [first, second] = [sources[a], sources[b]]
    if (first.kind !== 'picture') return absence(first, a, size)
    if (second.kind !== 'picture') return absence(second, b, size)
    const place = placeOf(first.image, size)
    const [from, to] = [scaled(first.image, place).data, scaled(second.image, place).data]
    const data = new Uint8ClampedArray(from.length)
    for (let at = 0; at < data.length; at++) data[at] = Math.abs(from[at] - to[at]) * scene.amplify
    return onBlack(
      { width: place.width, height: place.height, data: new Uint8Array(data.buffer) },
      place,
      size,
    )
  }

  async function radarPanel(side: number, index: number): Promise<RgbPixels> {
    radar ??= (async () => {
      const file = scene.radar?.imageFile
      const image = file === undefined ? undefined : await loadFrame(file)
      // Poses are addressed in a square, so the radar is stretched to one, as the user's script does.
      const square = image && resize(image, side, side, 'bicubic')
      return createRadarPainter(side, square, scene.radar?.poses ?? [])
    })()
    return (await radar)(index)
  }

  return async ({ index, frame, wantsPoster, wantsTile, spare }) => {
    const unreadable: DrawnFrame['unreadable'] = []
    const sources = await readSources(frame.files, unreadable)
    // Panels cover all but the dividers, which stay black, so one canvas serves every frame.
    const { picture, encoded } = borrowCanvas(scene, scene.canvas, scene.pipeFormat)
    for (const panel of scene.panels) {
      const { content } = panel
      const size = { width: panel.width, height: panel.height }
      const image =
        content.kind === 'picture'
          ? pictureOf(sources[content.source], content.source, size)
          : content.kind === 'difference'
            ? difference(sources, content.sources, size)
            : await radarPanel(panel.height, index)
      blit(picture, image, panel.x, panel.y)
    }
    if (scene.drawText)
      for (const panel of scene.panels) drawPanelTexts(picture, scene, panel, { ...frame, index })
    return {
      pixels: encoded(spare),
      poster: wantsPoster ? small(picture, scene.poster) : undefined,
      tile: wantsTile ? small(picture, scene.tile) : undefined,
      unreadable,
    }
  }
}

/** A picture in another size; the same one where it has that size. */
const scaled = (image: RgbPixels, { width, height }: Size): RgbPixels =>
  image.width === width && image.height === height ? image : resize(image, width, height, 'bicubic')

/** A picture at its place in a black panel; the picture itself where it fills the panel. */
function onBlack(image: RgbPixels, place: Rect, panel: Size): RgbPixels {
  if (place.width === panel.width && place.height === panel.height) return image
  const whole: RgbPixels = { ...panel, data: new Uint8Array(panel.width * panel.height * 3) }
  blit(whole, image, place.x, place.y)
  return whole
}

const small = (picture: RgbPixels, { width, height }: Size): Uint8Array =>
  resize(picture, width, height, 'bilinear').data
