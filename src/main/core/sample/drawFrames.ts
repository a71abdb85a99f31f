/** Draws and writes the pictures of one map; runs in a worker thread, so that maps are drawn side by side. */
import { writeFile } from 'node:fs/promises'
import { sharp } from '../images/sharp.ts'
import { applyFlaws, type Flaws } from './flaws.ts'
import type { Level } from './level.ts'
import { sampleLevels } from './levels.ts'
import { renderView } from './rayCaster.ts'
import type { Eye } from './view.ts'
import { radarPng } from './radar.ts'
import { layOut, lightWorld, type World } from './world.ts'

/** Ground truth frames, 16:9; predictions are square, as models give them. */
export const groundTruthSize = { width: 576, height: 324 } as const
export const predictionSize = 448
/** Thumbnails that the sample trainer learns from: the ground truth in 36 x 27 blocks. */
export const thumbnailSize = { width: 16, height: 12 } as const

/** A picture to draw: ground truth has an eye, a prediction its flaws, the radar neither. */
export type FrameTask = { name: string; file: string } & ({ eye: Eye } | { flaws: Flaws } | { isRadar: true })
/** What a worker is started with. */
export type DrawRequest = { map: Level['map']; tasks: FrameTask[] }
/** A picture is on disk; `thumbnail` (RGB bytes) for ground truth only. */
export type FrameDone = { name: string; thumbnail?: Uint8Array }

/** Encoding runs in the thread pool while the next frame is drawn; more than a few at once only costs memory. */
const encodingAtOnce = 3

/**
 * Draws the tasks in order.
 *
 * @param report called when a file is written.
 */
export async function drawFrames(request: DrawRequest, report: (done: FrameDone) => void): Promise<void> {
  const level = sampleLevels.find(({ map }) => map === request.map)!
  const world = lightWorld(layOut(level))
  let imagined: World | undefined
  const encoding = new Set<Promise<void>>()
  for (const task of request.tasks) {
    let finished: Promise<void>
    if ('flaws' in task) {
      if (task.flaws.hasPhantoms) imagined ??= lightWorld(layOut(level, true))
      const picture = drawPrediction(task.flaws.hasPhantoms ? imagined! : world, task.flaws)
      finished = encodePrediction(picture, task.flaws.blurSigma).then(async (jpeg) => {
        await writeFile(task.file, jpeg)
        report({ name: task.name })
      })
    } else if ('isRadar' in task) {
      finished = radarPng(world).then(async (png) => {
        await writeFile(task.file, png)
        report({ name: task.name })
      })
    } else {
      const picture = renderView(world, task.eye, groundTruthSize.width, groundTruthSize.height, 2)
      finished = encodeGroundTruth(picture).then(async (jpeg) => {
        await writeFile(task.file, jpeg)
        report({ name: task.name, thumbnail: thumbnailOf(picture) })
      })
    }
    // A failure is thrown by the race or by the last line, never lost.
    const tracked = finished.finally(() => encoding.delete(tracked))
    encoding.add(tracked)
    if (encoding.size >= encodingAtOnce) await Promise.race(encoding)
  }
  await Promise.all(encoding)
}

/** A predicted frame before blur and compression: RGB bytes, `predictionSize` squared. */
export function drawPrediction(world: World, flaws: Flaws): Uint8Array {
  const picture = renderView(world, flaws.eye, predictionSize, predictionSize, 1)
  applyFlaws(picture, predictionSize, predictionSize, flaws)
  return picture
}

function encodePrediction(rgb: Uint8Array, blurSigma: number): Promise<Buffer> {
  // Pillow's defaults for `save(quality=75)`: standard tables, 4:2:0, no Huffman optimisation.
  return sharp(rgb, { raw: { width: predictionSize, height: predictionSize, channels: 3 } })
    .blur(blurSigma)
    .jpeg({ quality: 75, chromaSubsampling: '4:2:0', optimiseCoding: false })
    .toBuffer()
}

function encodeGroundTruth(rgb: Uint8Array): Promise<Buffer> {
  return sharp(rgb, { raw: { ...groundTruthSize, channels: 3 } })
    .jpeg({ quality: 93, chromaSubsampling: '4:4:4', optimiseCoding: false })
    .toBuffer()
}

function thumbnailOf(rgb: Uint8Array): Uint8Array {
  const { width, height } = thumbnailSize
  const blockWidth = groundTruthSize.width / width
  const blockHeight = groundTruthSize.height / height
  const sums = new Float64Array(width * height * 3)
  for (let y = 0, at = 0; y < groundTruthSize.height; y++) {
    const row = Math.floor(y / blockHeight) * width
    for (let x = 0; x < groundTruthSize.width; x++) {
      const to = (row + Math.floor(x / blockWidth)) * 3
      for (let c = 0; c < 3; c++) sums[to + c]! += rgb[at++]!
    }
  }
  return Uint8Array.from(sums, (sum) => Math.round(sum / blockWidth / blockHeight))
}
