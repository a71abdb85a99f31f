import { stat } from 'node:fs/promises'
import type { Clip } from '../../../shared/contract/videos.ts'
import type { ClipsRepository } from './clips.repository.ts'
import type { ClipPlan } from './planClips.ts'
import type { ResolvedRequest } from './resolveRequest.ts'
import { settingsOf } from './sceneOf.ts'

/** Writes a finished clip to the database, with what it was made from. */
export async function rememberClip(
  repository: ClipsRepository | undefined,
  request: ResolvedRequest,
  { plan, identity }: { plan: ClipPlan; identity: string },
  clip: Clip,
): Promise<void> {
  const { mtimeMs } = await stat(clip.file)
  const { predictionDir, referenceDir, otherDirs, layout } = request
  repository?.save({
    identity,
    layout,
    track: {
      track: plan.track,
      firstFrame: plan.frames[0].prediction.frame,
      lastFrame: plan.frames[plan.frames.length - 1].prediction.frame,
      frames: plan.frames.length,
    },
    settings: { ...settingsOf(request), predictionDir, referenceDir, otherDirs },
    clip,
    modifiedAt: mtimeMs,
  })
}
