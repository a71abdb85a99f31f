import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { radarUnits } from '../../../../../shared/domain/radarFiles.ts'
import { mediaUrl } from '../../../api/media.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import type { OpenComparison } from '../comparison.ts'
import { goToPosition } from '../compareStore.ts'
import { trackAt } from '../playback/playhead.ts'
import css from './PairPanel.module.css'

type Pose = { x: number; y: number; yaw: number | undefined }

/** Half of the wedge that shows the direction of view. */
const halfView = Math.PI / 4

/** The map from above with the way of the present track and where the camera stands and looks. A click goes there. */
export function RadarPanel({ data, position }: { data: OpenComparison; position: number }) {
  const { t } = useTranslation('compare')
  const { data: radar } = useEngineQuery('compare.radar', { runId: data.runs[0].id }, { staleTime: Infinity })
  const poses = useMemo(() => {
    if (!radar) return undefined
    const byName = new Map(
      radar.names.map((name, at): [string, Pose] => [
        name,
        { x: radar.x[at], y: radar.y[at], yaw: radar.yaw[at] ?? undefined },
      ]),
    )
    return data.names.map((name) => byName.get(name.replace(/\.[^.]+$/, '')))
  }, [radar, data])
  const canvas = useRef<HTMLCanvasElement>(null)
  const track = trackAt(data.trackStarts, data.names.length, position)
  const pose = poses?.[position]

  useEffect(() => {
    const element = canvas.current
    if (!element || !poses) return
    const side = element.clientWidth
    element.width = element.height = Math.round(side * devicePixelRatio)
    drawPoses(element, poses, { from: track.from, to: track.to }, position)
  }, [poses, track.from, track.to, position])

  if (!radar || !poses) return null
  const goNearest = (event: React.MouseEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const at = {
      x: ((event.clientX - box.left) / box.width) * radarUnits,
      y: ((event.clientY - box.top) / box.height) * radarUnits,
    }
    let nearest: number | undefined
    let least = Infinity
    poses.forEach((one, index) => {
      const distance = one ? Math.hypot(one.x - at.x, one.y - at.y) : Infinity
      if (distance < least) [least, nearest] = [distance, index]
    })
    if (nearest !== undefined) goToPosition(nearest)
  }
  return (
    <section className={css.section}>
      <h3>
        {t('panel.radar')}
        <small>
          {pose
            ? `x ${pose.x.toFixed(0)}  y ${pose.y.toFixed(0)}${pose.yaw === undefined ? '' : `  ${Math.round((pose.yaw * 180) / Math.PI)}°`}`
            : t('panel.noPose')}
        </small>
      </h3>
      <div className={css.radar}>
        {radar.image !== undefined && (
          <img src={mediaUrl(radar.image, { width: 640 })} alt="" draggable={false} />
        )}
        <canvas ref={canvas} onClick={goNearest} role="img" aria-label={t('panel.radar')} />
      </div>
    </section>
  )
}

function drawPoses(
  canvas: HTMLCanvasElement,
  poses: readonly (Pose | undefined)[],
  track: { from: number; to: number },
  position: number,
): void {
  const context = canvas.getContext('2d')!
  const scale = canvas.width / radarUnits
  const dot = 3.2 * devicePixelRatio
  context.clearRect(0, 0, canvas.width, canvas.height)
  context.lineJoin = context.lineCap = 'round'
  // What lies ahead of the playhead is fainter than the way already gone.
  for (const [from, to, alpha] of [
    [position, track.to, 0.35],
    [track.from, position, 0.95],
  ] as const) {
    context.globalAlpha = alpha
    context.strokeStyle = '#ffffff'
    context.lineWidth = 1.5 * devicePixelRatio
    context.beginPath()
    let isOpen = false
    for (let at = from; at <= to; at++) {
      const pose = poses[at]
      if (!pose) {
        isOpen = false
        continue
      }
      if (isOpen) context.lineTo(pose.x * scale, pose.y * scale)
      else context.moveTo(pose.x * scale, pose.y * scale)
      isOpen = true
    }
    context.stroke()
  }
  context.globalAlpha = 1
  const pose = poses[position]
  if (!pose) return
  const [x, y] = [pose.x * scale, pose.y * scale]
  if (pose.yaw !== undefined) {
    const reach = canvas.width * 0.16
    const wedge = context.createRadialGradient(x, y, dot, x, y, reach)
    wedge.addColorStop(0, 'rgba(255, 214, 102, 0.85)')
    wedge.addColorStop(1, 'rgba(255, 214, 102, 0)')
    context.fillStyle = wedge
    context.beginPath()
    context.moveTo(x, y)
    context.arc(x, y, reach, pose.yaw - halfView, pose.yaw + halfView)
    context.closePath()
    context.fill()
  }
  context.fillStyle = '#ffd666'
  context.strokeStyle = '#000000'
  context.lineWidth = devicePixelRatio
  context.beginPath()
  context.arc(x, y, dot, 0, 2 * Math.PI)
  context.fill()
  context.stroke()
}
