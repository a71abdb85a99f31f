/** What the parts of the ray caster share: the eye, the projection, one column of the picture, the tone curve. */

/** Where the eye is, in cells and radians: yaw clockwise from east as seen from above, pitch up from the horizon. */
export type Eye = { x: number; y: number; z: number; yaw: number; pitch: number }

/** Horizontal field of view of the 16:9 camera; other sizes show the same view, squeezed. */
export const fieldOfView = (86 * Math.PI) / 180
/** Half the width of the picture at distance 1, in cells. */
export const planeHalfWidth = Math.tan(fieldOfView / 2)

/** Eye-catching highlights roll off instead of clipping. */
export const toneCurve = Uint8Array.from({ length: 1024 }, (_, c) =>
  c <= 176 ? c : 176 + 79 * (1 - Math.exp((176 - c) / 92)),
)

/** One column of the picture, top to bottom: colours, and distances along the view direction. */
export type Column = { rgb: Uint8Array; depth: Float32Array }

export type View = {
  eye: Eye
  width: number
  height: number
  /** Pixels per cell at distance 1, upwards and across. */
  scale: number
  scaleAcross: number
  /** Row of the horizon. */
  horizon: number
  forwardX: number
  forwardY: number
}

/** The projection of an eye on a picture of this size. */
export function projection(eye: Eye, width: number, height: number) {
  // A squeezed picture shows the same view: the vertical scale follows the height, as in 16:9.
  const scale = (height * 16) / 9 / 2 / planeHalfWidth
  return {
    scale,
    scaleAcross: width / 2 / planeHalfWidth,
    horizon: height / 2 + Math.tan(eye.pitch) * scale,
    forwardX: Math.cos(eye.yaw),
    forwardY: Math.sin(eye.yaw),
  }
}
