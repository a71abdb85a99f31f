/** Draws what Compare shows, frame by frame, and hands it to the engine, which makes a video of it. */
import { engine } from '../../api/connection.ts'
import { goToPosition, useCompare } from './compareStore.ts'
import { pairPicture } from './pairPicture.ts'
import { onPictureArrived } from './stage/arrivals.ts'
import type { FrameSupply } from './pictures/frameSupply.ts'

/** Finer than what a video keeps; a PNG would be too large for a message. */
const jpegQuality = 0.97
/** Pictures that have not come by then do not come; the frame shows what there is. */
const patienceMs = 15_000

/**
 * Goes to every position in turn, as a person would, and records what is on the stage then: mode, zoom, gain,
 * alignment and shifts as they are. The playhead is put back afterwards.
 *
 * @param recording name of the video; part of its file's name.
 * @param onFrame is told how many frames are done.
 * @throws AppError of the engine; ends early without one when `signal` is aborted.
 */
export async function recordFrames(options: {
  supply: FrameSupply
  positions: readonly number[]
  recording: string
  signal: AbortSignal
  onFrame(done: number): void
}): Promise<void> {
  const { supply, positions, recording, signal, onFrame } = options
  const before = useCompare.getState().head.position
  const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-position]')
  const screen = canvas ? { width: canvas.width, height: canvas.height } : undefined
  useCompare.setState({ isRecording: true })
  try {
    for (const [done, position] of positions.entries()) {
      if (signal.aborted) return
      goToPosition(position)
      await untilReady(supply, position, signal)
      const drawn = pairPicture(supply, screen)
      if (!drawn) continue
      const jpeg = await drawn.convertToBlob({ type: 'image/jpeg', quality: jpegQuality })
      // Numbers from 1, in the order drawn: the worst frames are no neighbours.
      await engine().call('videos.addDrawn', { recording, number: done + 1, data: await base64Of(jpeg) })
      onFrame(done + 1)
    }
  } finally {
    useCompare.setState({ isRecording: false })
    goToPosition(before)
  }
}

function untilReady(supply: FrameSupply, position: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = onPictureArrived(() => look())
    const timer = setTimeout(end, patienceMs)
    signal.addEventListener('abort', end, { once: true })
    function end(): void {
      stop()
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    function look(): void {
      if (supply.isReady(useCompare.getState(), position)) end()
    }
    look()
  })
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const parts: string[] = []
  // In pieces: arguments of a call are limited.
  for (let at = 0; at < bytes.length; at += 32_768)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 32_768)))
  return btoa(parts.join(''))
}
