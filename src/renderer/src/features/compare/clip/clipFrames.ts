/** Frames of a video and times in it. A time in the middle of a frame is the only one that no rounding can move out of it. */

/** Seconds to seek to so that frame `frame` (0 first) is shown. */
export const timeOfFrame = (frame: number, framesPerSecond: number): number => (frame + 0.5) / framesPerSecond

/** The frame whose picture has the timestamp `mediaTime` (seconds, the frame's beginning, rounded by the container). */
export const frameOfTimestamp = (mediaTime: number, framesPerSecond: number): number =>
  Math.max(0, Math.round(mediaTime * framesPerSecond))
