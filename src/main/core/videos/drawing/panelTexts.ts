/** The words on a panel: whose picture it is, which frame, its scores. */
import type { RgbPixels } from '../../images/rgbImage.ts'
import { predictionSource, referenceSource, type PanelPlace } from '../layout.ts'
import type { Scene, SceneFrame } from '../scene.ts'
import { wordsOf } from '../words.ts'
import { label, marginOf, textColours } from './label.ts'
import { blend } from './sprite.ts'

type Line = { text: string; colour: string }
/** Lines from the upper edge down, and from the lower edge up. */
type Texts = { top: Line[]; bottom: Line[] }

/** What is written of a frame, and its place in the clip. */
type NumberedFrame = Pick<SceneFrame, 'caption' | 'scores'> & { index: number }

const narrowest = 16

/** Draws the texts of one panel onto the picture. */
export function drawPanelTexts(
  picture: RgbPixels,
  scene: Scene,
  panel: PanelPlace,
  frame: NumberedFrame,
): void {
  const pixels = scene.textPixels
  const margin = marginOf(pixels)
  const maxWidth = panel.width - 2 * margin
  if (maxWidth < narrowest) return
  const { top, bottom } = textsOf(scene, panel, frame)
  let y = panel.y + margin
  for (const { text, colour } of top) {
    const sprite = label(text, { colour, pixels, maxWidth })
    blend(picture, sprite, panel.x + margin, y)
    y += sprite.height + Math.round(margin / 2)
  }
  y = panel.y + panel.height - margin
  for (const { text, colour } of bottom) {
    const sprite = label(text, { colour, pixels, maxWidth })
    blend(picture, sprite, panel.x + margin, y - sprite.height)
    y -= sprite.height + Math.round(margin / 2)
  }
}

function textsOf(scene: Scene, { content }: PanelPlace, { caption, scores, index }: NumberedFrame): Texts {
  const words = wordsOf[scene.language]
  const plain = (text: string): Line[] => (text === '' ? [] : [{ text, colour: textColours.plain }])
  switch (content.kind) {
    case 'difference':
      return { top: plain(words.difference(scene.amplify)), bottom: [] }
    case 'radar': {
      const isKnown = scene.radar?.poses[index] !== undefined
      const bottom = isKnown
        ? plain(words.step(index + 1, scene.length))
        : [{ text: words.noPose, colour: textColours.warning }]
      return { top: plain(words.trail), bottom }
    }
    case 'picture': {
      const { source } = content
      const name = scene.labels[source] ?? ''
      const colour =
        source === referenceSource
          ? textColours.reference
          : source === predictionSource
            ? textColours.prediction
            : textColours.plain
      if (scene.panels.length === 1)
        return { top: [{ text: caption, colour }, ...plain(name)], bottom: plain(scores[source]) }
      return {
        top: name === '' ? [] : [{ text: name, colour }],
        bottom: [...plain(source === predictionSource ? caption : ''), ...plain(scores[source])],
      }
    }
  }
}
