import type { WorkerEntry } from '../../workers/pool.ts'
import type { ProgressReport } from '../jobs/progressMeter.ts'
import type { ClipsRepository } from './clips.repository.ts'
import type { FrameScores } from './frameScores.ts'

/** What making videos needs from outside. */
export type VideoDeps = {
  /** Ends the work soon after it is aborted; finished clips stay. */
  signal: AbortSignal
  onProgress?(progress: ProgressReport): void
  /** Things worth knowing that stop nothing. */
  log?(text: string): void
  /** Folder for posters and strips. */
  cacheDir: string
  /** Remembers clips, so that they are not made twice. */
  repository?: ClipsRepository
  workerEntry: WorkerEntry
  /** Finds per-frame scores of a folder of predictions. */
  frameScores?(predictionDir: string, quantities: readonly string[]): FrameScores
  /** Variables to find ffmpeg with. */
  environment?: NodeJS.ProcessEnv
}
