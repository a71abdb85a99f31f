/**
 * What worker threads must know to draw a clip. Plain data: a scene is copied to every thread once, each frame comes with
 * its task, so that the threads' memory does not grow with the length of clips.
 */
import type { VideoLanguage } from '../../../shared/contract/videos.ts'
import type { PipeFormat } from './encoding.ts'
import type { PanelPlace, Size } from './layout.ts'
import type { Pose } from './poses.ts'

export type SceneFrame = {
  /** Absolute paths in the order of the layout's sources; `undefined` where there is no file. */
  files: (string | undefined)[]
  /** `File 3 | Frame 120` */
  caption: string
  /** Scores to burn in for each source, already formatted; empty where there are none. */
  scores: string[]
}

export type Scene = {
  canvas: Size
  panels: PanelPlace[]
  /** Name of each source, such as the prediction's; shown in its panel. */
  labels: string[]
  /** How many frames the clip has. */
  length: number
  pipeFormat: PipeFormat
  drawText: boolean
  /** Size of all text in pixels. */
  textPixels: number
  stretch: boolean
  /** Factor of absolute differences. */
  amplify: number
  language: VideoLanguage
  /** For layouts with a radar. */
  radar: { imageFile: string | undefined; poses: (Pose | undefined)[] } | undefined
  /** Size of the small pictures of the strip. */
  tile: Size
  /** Size of the poster. */
  poster: Size
}

/** One frame to draw. */
export type DrawTask = {
  /** Which scene of the pool. */
  scene: number
  /** Its place in the clip, from 0. */
  index: number
  frame: SceneFrame
  /** Also make the picture for the poster. */
  wantsPoster: boolean
  /** Also make the small picture for the strip. */
  wantsTile: boolean
  /** Memory of an earlier frame, to be written over. */
  spare: Uint8Array<ArrayBuffer> | undefined
}

export type DrawnFrame = {
  /** In the scene's pipe format. */
  pixels: Uint8Array<ArrayBuffer>
  /** 8-bit RGB of the scene's poster size. */
  poster: Uint8Array | undefined
  /** 8-bit RGB of the scene's tile size. */
  tile: Uint8Array | undefined
  /** Files that could not be read, and why. */
  unreadable: { file: string; reason: string }[]
}
