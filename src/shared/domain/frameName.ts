/** Names of frames as the recording tools write them: `file_num<recording>_frame_<index>`, not zero padded. */

/** Where a frame stands: which recording, and its index in it. */
export type FramePosition = { recording: number; frame: number }

const pattern = /file_num(\d+)_frame_(\d+)/

/** Reads recording and frame index from a file name; `undefined` when the name has another form. */
export function parseFrameName(fileName: string): FramePosition | undefined {
  const match = pattern.exec(fileName)
  return match ? { recording: Number(match[1]), frame: Number(match[2]) } : undefined
}

/** Numeric order by recording, then frame. */
export function compareFramePositions(a: FramePosition, b: FramePosition): number {
  return a.recording - b.recording || a.frame - b.frame
}
