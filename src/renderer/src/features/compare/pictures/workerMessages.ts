/** What the page asks its picture workers, and what they answer. */
import type { AlignmentRule, Size } from '../stage/alignment.ts'
import type { DifferenceOptions } from './difference.ts'
import type { MapRange } from './mapColors.ts'

export type PictureTask =
  /**
   * Fetches and decodes one picture without changing a pixel; with a `scale`, a share of its sides, a JPEG quickly
   * instead of exactly.
   */
  | { type: 'decode'; url: string; scale?: number }
  /** Fetches both, lays `b` over `a` by the rule; the answer has the size of `a`. */
  | { type: 'difference'; a: string; b: string; rule: AlignmentRule; options: DifferenceOptions }
  /** Colours a map; `data` is base64 of little-endian float32. */
  | { type: 'map'; data: string; width: number; height: number; range: MapRange }

/** When a picture was under way, in milliseconds since 1970, for the speed of the link. */
export type Transfer = { fromMs: number; toMs: number }

export type PictureResult =
  | {
      ok: true
      bitmap: ImageBitmap
      /** Own sizes of the pictures that went in. */
      sizes: Size[]
      transfers: Transfer[]
    }
  /** The browser would show other pixels of this address than metrics see; the engine must make an exact copy. */
  | { ok: false; inexactUrl: string }
  | { ok: false; message: string }

export type PictureRequest =
  /** `isStored`: the browser keeps the files as they came, which takes time, and saves it where the link is slow. */
  { id: number; task: PictureTask; isStored: boolean } | { id: number; cancel: true }
export type PictureReply = { id: number; result: PictureResult }
