/**
 * Protocols: named, versioned recipes that fix everything a score depends on besides the files. A protocol is data;
 * code reads it, and it is stored with every result.
 */
import { z } from 'zod'

export const resizeFilters = ['box', 'bilinear', 'hamming', 'bicubic', 'lanczos', 'nearest'] as const
export type ResizeFilter = (typeof resizeFilters)[number]

const squareResize = z.object({ size: z.number().int().positive(), filter: z.enum(resizeFilters) })
/** Pillow's resize to a square of `size` pixels; the aspect ratio is not kept, as in the reference scripts. */
export type SquareResize = z.infer<typeof squareResize>

export const protocol = z.object({
  name: z.string(),
  version: z.number().int(),
  about: z.string(),
  /** Frames for PSNR, SSIM, MS-SSIM, LPIPS, pixel and boundary metrics. */
  paired: squareResize,
  /** Frames for Inception (FID variant `torchmetrics`, KID, IS). */
  inception: squareResize,
  /** Frames for CLIP and the aesthetic score. */
  clip: squareResize,
  /** `batched`: mean squared error over each batch, then dB, then the mean weighted by batch length. */
  psnr: z.enum(['batched', 'per-image']),
  defaultBatchSize: z.number().int().positive(),
  edgeQuantile: z.number(),
  edgeTolerance: z.number().int(),
})
export type Protocol = z.infer<typeof protocol>

export const protocols: readonly Protocol[] = [
  {
    name: 'benchmark_csgo',
    version: 1,
    about: 'As benchmark_csgo.py: 224 and 299 px bilinear; PSNR averaged over batches before the logarithm.',
    paired: { size: 224, filter: 'bilinear' },
    inception: { size: 299, filter: 'bilinear' },
    clip: { size: 224, filter: 'bilinear' },
    psnr: 'batched',
    defaultBatchSize: 32,
    edgeQuantile: 0.85,
    edgeTolerance: 2,
  },
  {
    name: 'benchmark_csgo_v1',
    version: 1,
    about:
      'As benchmark_csgo_v1.py: 448, 299 and 224 px bicubic; PSNR averaged over batches before the logarithm.',
    paired: { size: 448, filter: 'bicubic' },
    inception: { size: 299, filter: 'bicubic' },
    clip: { size: 224, filter: 'bicubic' },
    psnr: 'batched',
    defaultBatchSize: 8,
    edgeQuantile: 0.85,
    edgeTolerance: 2,
  },
  {
    name: 'per-image',
    version: 1,
    about:
      'Recommended: as benchmark_csgo, but PSNR of each image first, then the mean, so no batch size matters.',
    paired: { size: 224, filter: 'bilinear' },
    inception: { size: 299, filter: 'bilinear' },
    clip: { size: 224, filter: 'bilinear' },
    psnr: 'per-image',
    defaultBatchSize: 1,
    edgeQuantile: 0.85,
    edgeTolerance: 2,
  },
]

/** The protocol of a name; `undefined` when there is none. */
export function findProtocol(name: string): Protocol | undefined {
  return protocols.find((candidate) => candidate.name === name)
}
