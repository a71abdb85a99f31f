/** Worker thread: draws sample frames and reports each one that is on disk. */
import { parentPort, workerData } from 'node:worker_threads'
import { drawFrames, type DrawRequest } from '../core/sample/drawFrames.ts'

// Not awaited: the bundle is CommonJS. A failure ends the thread as an unhandled rejection, which its owner hears.
void drawFrames(workerData as DrawRequest, (done) => parentPort!.postMessage(done))
