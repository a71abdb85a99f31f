/** The radar of a run's map with the poses of its frames. */
import { dirname, extname, join } from 'node:path'
import type { StoredRun } from '../benchmark/benchmark.repository.ts'
import type { RunStore } from '../runs/report.ts'
import { findMapFiles } from '../videos/mapFiles.ts'

export type Radar = {
  map: string
  image?: string
  names: string[]
  x: number[]
  y: number[]
  yaw: (number | null)[]
}

/**
 * Poses in radar units (0..1024, y down, yaw in radians clockwise from east), by frame name without extension.
 *
 * @throws AppError `not-found` when there are no poses for the map.
 */
export async function radarOf(run: StoredRun, { repository, workspaces }: RunStore): Promise<Radar> {
  const evaluation = run.evaluationRunId === null ? undefined : workspaces.evaluationRun(run.evaluationRunId)
  // Without a workspace the files may still lie beside the ground truth: <map>/imgs, <map>/<radar>.
  const workspace = evaluation?.root ?? dirname(dirname(run.referenceDir))
  const { map, imageFile, poses } = await findMapFiles({
    workspace,
    predictionDir: run.predictionDir,
    referenceDir: run.referenceDir,
    dataDir: join(workspace, 'data/preprocessed_data'),
    poseFiles: [],
    ...(run.map === '' ? {} : { map: run.map }),
  })
  const radar: Radar = {
    map,
    names: [],
    x: [],
    y: [],
    yaw: [],
    ...(imageFile === undefined ? {} : { image: imageFile }),
  }
  for (const { name } of repository.frames(run.id)) {
    const stem = name.slice(0, name.length - extname(name).length)
    const pose = poses.get(stem) ?? poses.get(/file_num\d+_frame_\d+/.exec(stem)?.[0] ?? stem)
    if (!pose) continue
    radar.names.push(stem)
    radar.x.push(pose.x)
    radar.y.push(pose.y)
    radar.yaw.push(pose.yaw ?? null)
  }
  return radar
}
