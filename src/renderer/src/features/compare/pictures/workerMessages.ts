/** What the page asks its picture workers, and what they answer. */
import type { MediaLook } from '../../../api/mediaUrlAt.ts'
import type { EngineAddress } from '../../../api/socketTransport.ts'
import type { AlignmentRule, Size } from '../stage/alignment.ts'
import type { DifferenceOptions } from './difference.ts'
import type { MapRange } from './mapColors.ts'

/** A picture on the engine's machine, and how it is sent. */
export type PictureSource = { path: string; look: MediaLook }

export type PictureTask =
  /**
   * Fetches and decodes one picture without changing a pixel; with a `scale`, a share of its sides, a JPEG quickly
   * instead of exactly.
   */
  | { type: 'decode'; source: PictureSource; scale?: number }
  /** Fetches both, lays `b` over `a` by the rule; the answer has the size of `a`. `scale` as above. */
  | {
      type: 'difference'
      a: PictureSource
      b: PictureSource
      rule: AlignmentRule
      options: DifferenceOptions
      scale?: number
    }
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
  /** The browser would show other pixels of this file than metrics see; the engine must make an exact copy. */
  | { ok: false; inexactPath: string }
  | { ok: false; message: string }

/** How files come to a worker. */
export type Way = {
  /** Of the engine; `undefined` over the window's own scheme. */
  address: EngineAddress | undefined
  /**
   * Whether the link is known to be fast. Files then come several at a time, and the browser does not keep them as they
   * came, which takes time. On a slow one each picture is shown as soon as it has come, and kept.
   */
  isFast: boolean
}

export type PictureRequest =
  /** Answered one by one. */
  { tasks: { id: number; task: PictureTask }[]; way: Way } | { cancel: number }
export type PictureReply = { id: number; result: PictureResult }
