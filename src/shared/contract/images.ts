/** Single pictures: what a metric really sees of one. */
import { z } from 'zod'
import { resizeFilters } from '../domain/protocol.ts'
import { query, type ContractPart } from './operation.ts'

const mostPixels = 100_000_000

/** A file on the engine's machine, perhaps resized as Pillow does (aspect ratio not kept) and saved as PNG. */
export const imageInspectionRequest = z.object({
  path: z.string().min(1),
  resize: z
    .object({
      width: z.number().int().min(1).max(32_768),
      height: z.number().int().min(1).max(32_768),
      filter: z.enum(resizeFilters).default('bilinear'),
    })
    .refine(({ width, height }) => width * height <= mostPixels, `Resize to at most ${mostPixels} pixels.`)
    .optional(),
  /** Where to write exactly the pixels that were hashed, as PNG. */
  save: z.string().min(1).optional(),
})
export type ImageInspectionRequest = z.output<typeof imageInspectionRequest>

export const imageInspection = z.object({
  path: z.string(),
  format: z.enum(['jpeg', 'png', 'webp', 'bmp']),
  /** Pillow's name for the stored pixels: `1`, `L`, `LA`, `P`, `RGB`, `RGBA`, `CMYK` or `I;16`. */
  mode: z.string(),
  /** Size after resizing. */
  width: z.number(),
  height: z.number(),
  /** Of the interleaved RGB bytes after resizing. */
  sha256: z.string(),
  /** Where the PNG was written, if asked for. */
  saved: z.string().optional(),
})
export type ImageInspection = z.infer<typeof imageInspection>

export const images = {
  'images.inspect': query({ input: imageInspectionRequest, output: imageInspection }),
} satisfies ContractPart
