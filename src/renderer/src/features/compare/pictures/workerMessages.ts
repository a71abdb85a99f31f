/** What the page asks its picture workers, and what they answer. */
import type { AlignmentRule } from '../stage/alignment.ts'
import type { DifferenceOptions } from './difference.ts'
import type { MapRange } from './mapColors.ts'

export type PictureTask =
  /** Fetches and decodes one picture without changing a pixel. */
  | { type: 'decode'; url: string }
  /** `b` laid over `a` by the rule, then their difference, of the size of `a`. */
  | { type: 'difference'; a: ImageBitmap; b: ImageBitmap; rule: AlignmentRule; options: DifferenceOptions }
  | { type: 'map'; values: Float32Array<ArrayBuffer>; width: number; height: number; range: MapRange }

export type PictureResult =
  | { ok: true; bitmap: ImageBitmap }
  /** The browser would show other pixels than metrics see; the engine must make an exact copy. */
  | { ok: false; isInexact: true }
  | { ok: false; isInexact: false; message: string; isGone: boolean }

export type PictureRequest = { id: number; task: PictureTask } | { id: number; cancel: true }
export type PictureReply = { id: number; result: PictureResult }
