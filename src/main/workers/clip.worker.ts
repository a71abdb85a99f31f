/** Draws the frames of clips. Starts with all scenes of the pool; a task names one frame of one of them. */
import { createScenePainter } from '../core/videos/drawFrame.ts'
import type { DrawnFrame, DrawTask, Scene } from '../core/videos/scene.ts'
import { serveTasks } from './protocol.ts'

type Painter = ReturnType<typeof createScenePainter>
/** A painter may hold a radar; a thread works on few clips at a time and keeps no more than these. */
const keptPainters = 8
const painters = new Map<number, Painter>()

serveTasks<DrawTask, DrawnFrame, { scenes: Scene[] }>(async (task, { scenes }) => {
  const painter = painters.get(task.scene) ?? createScenePainter(scenes[task.scene])
  painters.delete(task.scene)
  painters.set(task.scene, painter)
  if (painters.size > keptPainters) painters.delete(painters.keys().next().value ?? 0)
  const result = await painter(task)
  return { result, transfer: [result.pixels.buffer] }
})
