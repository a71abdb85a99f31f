/** The radar of a map with the way walked so far and the pose of the present frame. */
import { createCanvas, type Canvas } from '@napi-rs/canvas'
import { radarUnits } from '../../../../shared/domain/radarFiles.ts'
import type { RgbPixels } from '../../images/rgbImage.ts'
import type { Pose } from '../poses.ts'
import { rgbOf } from './messagePanel.ts'

const trailColour = '#3ddc84'
const poseColour = '#ff4d4d'
/** Half of the cone drawn for the direction of view; about the horizontal field of view of the game. */
const halfFieldOfView = Math.PI / 4

/** Draws one clip's radar frame by frame. Asking for frames in rising order is quick: only new steps are drawn. */
export type RadarPainter = (index: number) => RgbPixels

/**
 * @param side of the square panel, in pixels.
 * @param radar the map's picture, already `side` by `side`; a plain grid when there is none.
 * @param poses one per frame of the clip, `undefined` where the pose is not known: the trail pauses there.
 */
export function createRadarPainter(
  side: number,
  radar: RgbPixels | undefined,
  poses: readonly (Pose | undefined)[],
): RadarPainter {
  const background = radar ? canvasOf(radar) : gridCanvas(side)
  const scale = side / radarUnits
  const trail = createCanvas(side, side)
  const view = createCanvas(side, side)
  let drawn = -1

  function extendTrail(index: number): void {
    const context = trail.getContext('2d')
    if (index < drawn) {
      context.clearRect(0, 0, side, side)
      drawn = -1
    }
    context.strokeStyle = trailColour
    context.fillStyle = trailColour
    context.lineWidth = Math.max(2, side * 0.006)
    context.lineCap = 'round'
    for (let step = drawn + 1; step <= index; step++) {
      const here = poses[step]
      const before = step === 0 ? undefined : poses[step - 1]
      if (!here) continue
      context.beginPath()
      if (before) {
        context.moveTo(before.x * scale, before.y * scale)
        context.lineTo(here.x * scale, here.y * scale)
        context.stroke()
      } else {
        context.arc(here.x * scale, here.y * scale, Math.max(2.5, side * 0.008), 0, 2 * Math.PI)
        context.fill()
      }
    }
    drawn = index
  }

  return (index) => {
    extendTrail(index)
    const context = view.getContext('2d')
    context.drawImage(background, 0, 0)
    context.globalAlpha = 0.9
    context.drawImage(trail, 0, 0)
    context.globalAlpha = 1
    const pose = poses[index]
    if (pose) drawPose(view, pose, side, scale)
    return rgbOf(context.getImageData(0, 0, side, side).data, side, side)
  }
}

function drawPose(canvas: Canvas, { x, y, yaw }: Pose, side: number, scale: number): void {
  const context = canvas.getContext('2d')
  const [centreX, centreY] = [x * scale, y * scale]
  const radius = Math.max(4, side * 0.016)
  if (yaw !== undefined) {
    const reach = side * 0.11
    const cone = context.createRadialGradient(centreX, centreY, radius, centreX, centreY, reach)
    cone.addColorStop(0, 'rgba(255, 255, 255, 0.6)')
    cone.addColorStop(1, 'rgba(255, 255, 255, 0)')
    context.fillStyle = cone
    context.beginPath()
    context.moveTo(centreX, centreY)
    // Canvas angles run clockwise from east with y down, as the yaw does.
    context.arc(centreX, centreY, reach, yaw - halfFieldOfView, yaw + halfFieldOfView)
    context.closePath()
    context.fill()
    context.strokeStyle = '#ffffff'
    context.lineWidth = Math.max(1.5, side * 0.006)
    context.beginPath()
    context.moveTo(centreX, centreY)
    context.lineTo(centreX + Math.cos(yaw) * radius * 2.2, centreY + Math.sin(yaw) * radius * 2.2)
    context.stroke()
  }
  context.beginPath()
  context.arc(centreX, centreY, radius, 0, 2 * Math.PI)
  context.fillStyle = poseColour
  context.fill()
  context.strokeStyle = '#ffffff'
  context.lineWidth = Math.max(1.5, side * 0.005)
  context.stroke()
}

function canvasOf({ width, height, data }: RgbPixels): Canvas {
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  const pixels = context.createImageData(width, height)
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    pixels.data[to] = data[from]
    pixels.data[to + 1] = data[from + 1]
    pixels.data[to + 2] = data[from + 2]
    pixels.data[to + 3] = 255
  }
  context.putImageData(pixels, 0, 0)
  return canvas
}

function gridCanvas(side: number): Canvas {
  const canvas = createCanvas(side, side)
  const context = canvas.getContext('2d')
  context.fillStyle = '#14171b'
  context.fillRect(0, 0, side, side)
  context.strokeStyle = '#23282f'
  for (let line = 1; line < 8; line++) {
    const at = Math.round((line * side) / 8) + 0.5
    context.beginPath()
    context.moveTo(at, 0)
    context.lineTo(at, side)
    context.moveTo(0, at)
    context.lineTo(side, at)
    context.stroke()
  }
  return canvas
}
