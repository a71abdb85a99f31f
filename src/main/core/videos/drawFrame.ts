/** Draws one frame of a clip: reads its pictures, puts them into their panels, adds text, converts for the encoder. */
import { basename } from 'node:path'
import { toAppError } from '../../../shared/errors.ts'
import { resize } from '../images/resample.ts'
import { reusableBytes, type AllocateBytes, type RgbPixels } from '../images/rgbImage.ts'
import { label, textColours, textPixels } from './drawing/label.ts'
import { messagePanel } from './drawing/messagePanel.ts'
import { createRadarPainter, type RadarPainter } from './drawing/radarPanel.ts'
import { blend, blit } from './drawing/sprite.ts'
import { borrowCanvas } from './frameCanvas.ts'
import { fitInside, predictionSource, referenceSource, type PanelPlace, type Size } from './layout.ts'
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

  /** The picture of a source in the size of its panel, or the panel that says why there is none. */
  function panelImage(sources: readonly Source[], index: number, size: Size): RgbPixels {
    const source = sources[index]
    if (source.kind === 'picture') return fill(source.image, size, scene.stretch)
    if (source.kind === 'unreadable') return messagePanel(size, words.unreadable, basename(source.file))
    return messagePanel(size, index === referenceSource ? words.missingReference : words.missingPrediction)
  }

  function difference(
    sources: readonly Source[],
    pair: readonly [number, number],
    images: Map<number, RgbPixels>,
    size: Size,
  ): RgbPixels {
    const absent = pair.find((index) => sources[index].kind !== 'picture')
    if (absent !== undefined) return panelImage(sources, absent, size)
    const [a, b] = pair.map((index) => (images.get(index) ?? panelImage(sources, index, size)).data)
    const data = new Uint8ClampedArray(a.length)
    for (let at = 0; at < data.length; at++) data[at] = Math.abs(a[at] - b[at]) * scene.amplify
    return { ...size, data: new Uint8Array(data.buffer) }
  }

  async function radarPanel(side: number, frame: number): Promise<RgbPixels> {
    radar ??= (async () => {
      const file = scene.radar?.imageFile
      const image = file === undefined ? undefined : await loadFrame(file)
      // Poses are addressed in a square, so the radar is stretched to one, as the user's script does.
      const square = image && resize(image, side, side, 'bicubic')
      return createRadarPainter(side, square, scene.radar?.poses ?? [])
    })()
    return (await radar)(frame)
  }

  function drawTexts(canvas: RgbPixels, panel: PanelPlace, frame: number): void {
    const pixels = textPixels(panel)
    const margin = Math.round(pixels * 0.6)
    const maxWidth = panel.width - 2 * margin
    if (maxWidth < 16) return
    const { caption, scores } = scene.frames[frame]
    const put = (text: string, colour: string, where: 'top' | 'bottom', line = 0) => {
      const sprite = label(text, { colour, pixels, maxWidth })
      const step = line * (sprite.height + Math.round(margin / 2))
      const y =
        where === 'top' ? panel.y + margin + step : panel.y + panel.height - margin - sprite.height - step
      blend(canvas, sprite, panel.x + margin, y)
    }
    const { content } = panel
    if (content.kind === 'difference') return put(words.difference(scene.amplify), textColours.plain, 'top')
    if (content.kind === 'radar') {
      put(words.trail, textColours.plain, 'top')
      if (scene.radar?.poses[frame])
        put(words.step(frame + 1, scene.frames.length), textColours.plain, 'bottom')
      else put(words.noPose, textColours.warning, 'bottom')
      return
    }
    const isPrediction = content.source === predictionSource
    const isAlone = scene.panels.length === 1
    const name = scene.labels[content.source] ?? ''
    const colour =
      content.source === referenceSource
        ? textColours.reference
        : isPrediction
          ? textColours.prediction
          : textColours.plain
    if (isAlone) {
      put(caption, colour, 'top')
      if (name !== '') put(name, textColours.plain, 'top', 1)
    } else {
      put(name, colour, 'top')
      if (isPrediction) put(caption, textColours.plain, 'bottom')
    }
    if (isPrediction && scores !== '') put(scores, textColours.plain, 'bottom', isAlone ? 0 : 1)
  }

  return async ({ frame, wantsPoster, wantsTile, spare }) => {
    const unreadable: DrawnFrame['unreadable'] = []
    const sources = await readSources(scene.frames[frame].files, unreadable)
    const images = new Map<number, RgbPixels>()
    // Panels cover all but the dividers, which stay black, so one canvas serves every frame.
    const { picture: canvas, encoded } = borrowCanvas(scene, scene.canvas, scene.pipeFormat)
    for (const panel of scene.panels) {
      const { content } = panel
      const size = { width: panel.width, height: panel.height }
      let image: RgbPixels
      if (content.kind === 'picture') {
        image = panelImage(sources, content.source, size)
        images.set(content.source, image)
      } else if (content.kind === 'difference') {
        image = difference(sources, content.sources, images, size)
      } else {
        image = await radarPanel(panel.height, frame)
      }
      blit(canvas, image, panel.x, panel.y)
    }
    if (scene.drawText) for (const panel of scene.panels) drawTexts(canvas, panel, frame)
    return {
      pixels: encoded(spare),
      poster: wantsPoster ? small(canvas, scene.poster) : undefined,
      tile: wantsTile ? small(canvas, scene.tile) : undefined,
      unreadable,
    }
  }
}

/** A picture in the size of its panel: fitted on black with its proportions kept, or stretched when asked. */
function fill(image: RgbPixels, size: Size, stretch: boolean): RgbPixels {
  if (image.width === size.width && image.height === size.height) return image
  if (stretch) return resize(image, size.width, size.height, 'bicubic')
  const place = fitInside(image, size)
  const fitted =
    place.width === image.width && place.height === image.height
      ? image
      : resize(image, place.width, place.height, 'bicubic')
  if (place.width === size.width && place.height === size.height) return fitted
  const panel: RgbPixels = { ...size, data: new Uint8Array(size.width * size.height * 3) }
  blit(panel, fitted, place.x, place.y)
  return panel
}

const small = (canvas: RgbPixels, { width, height }: Size): Uint8Array =>
  resize(canvas, width, height, 'bilinear').data
