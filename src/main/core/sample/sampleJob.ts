import type { WorkerEntry } from '../../workers/pool.ts'
import type { JobKind } from '../jobs/jobs.ts'
import { createSampleWorkspace, type SampleSummary } from './createSampleWorkspace.ts'

/** The job behind `workspaces.createSample`. */
export function sampleJob(
  workerEntry: WorkerEntry,
  resourcesDir: string,
): JobKind<{ root: string; framesPerMap?: number }, SampleSummary> {
  return {
    kind: 'sample',
    lane: 'scan',
    run: ({ root, framesPerMap }, { signal, report }) =>
      createSampleWorkspace(root, {
        framesPerMap,
        signal,
        onProgress: (done, total) => report({ stage: 'Sample workspace', done, total, unit: 'pictures' }),
        workerEntry: workerEntry('sampleFrames'),
        resources: `${resourcesDir}/sample`,
      }),
  }
}
